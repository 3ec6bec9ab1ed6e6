import type { ReadAgainRequest } from '@ruadar/contract'
import { type ReadonlySignal, useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { words } from '../../i18n/language.ts'

/** The API takes so many ids at once. */
const MOST_IDS = 1000

export interface Selection {
  ids: ReadonlySignal<ReadonlySet<string>>
  set(ids: readonly string[], isSelected: boolean): void
  clear(): void
}

/** Which mails are chosen. A signal, so that a click draws one box and the bar anew and not all rows. Another `list` starts with none. */
export function useSelection(list: string): Selection {
  const ids = useSignal<ReadonlySet<string>>(new Set())
  const selection = useMemo<Selection>(
    () => ({
      ids,
      set(changed, isSelected) {
        const next = new Set(ids.value)
        for (const id of changed) {
          if (isSelected) next.add(id)
          else next.delete(id)
        }
        ids.value = next
      },
      clear() {
        ids.value = new Set()
      },
    }),
    [ids],
  )
  useEffect(() => selection.clear(), [list])
  return selection
}

/** Requests that read these mails again. */
export function requestsFor(ids: readonly string[]): ReadAgainRequest[] {
  return Array.from({ length: Math.ceil(ids.length / MOST_IDS) }, (_, part) => ({ ids: ids.slice(part * MOST_IDS, (part + 1) * MOST_IDS) }))
}

export function SelectBox({ selection, id, label }: { selection: Selection; id: string; label: string }) {
  return (
    <input
      type="checkbox"
      class="choose-box"
      aria-label={label}
      checked={selection.ids.value.has(id)}
      onChange={(event) => selection.set([id], event.currentTarget.checked)}
    />
  )
}

interface SelectionBarProps {
  selection: Selection
  /** Ids of the rows that are listed now. */
  shown: readonly string[]
  busy: boolean
  onReadAgain: (ids: string[]) => void
}

/** What can be done with the chosen mails. */
export function SelectionBar({ selection, shown, busy, onReadAgain }: SelectionBarProps) {
  const t = words().ingest
  const ids = selection.ids.value
  const all = shown.length > 0 && shown.every((id) => ids.has(id))
  const first = useRef<HTMLInputElement>(null)
  const hadAny = useRef(false)
  // The buttons go with the last choice; whoever pressed one of them goes on at the beginning of the bar, not of the page.
  useEffect(() => {
    if (hadAny.current && ids.size === 0 && document.activeElement === document.body) first.current?.focus()
    hadAny.current = ids.size > 0
  }, [ids.size])
  return (
    <div class="selection" role="group" aria-label={t.selection}>
      <label>
        <input
          type="checkbox"
          class="choose-box"
          ref={first}
          checked={all}
          indeterminate={ids.size > 0 && !all}
          onChange={(event) => selection.set(shown, event.currentTarget.checked)}
        />
        {t.selectAll}
      </label>
      <span aria-live="polite">{ids.size > 0 ? t.selected(ids.size) : ''}</span>
      {ids.size > 0 && (
        <>
          <button type="button" class="button" disabled={busy} onClick={() => onReadAgain([...ids])}>
            {t.readSelectedAgain}
          </button>
          <button type="button" class="link-button" onClick={() => selection.clear()}>
            {t.clearSelection}
          </button>
        </>
      )}
    </div>
  )
}
