import type { SenderItem } from '@ruadar/contract'
import { type Signal, useSignal } from '@preact/signals'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type ApiError, toApiError } from '../../api/client.ts'
import type { Pages } from '../../api/query.ts'
import { decide, undoDecisions } from '../../api/sender-questions.ts'
import type { DecisionState } from '../../components/decision-buttons.tsx'
import { shownText } from '../../components/shown-text.ts'
import { senderWords, words } from '../../i18n/language.ts'
import { askAttention } from '../../state/attention.ts'
import { successorOf } from './inbox-order.ts'

/** Rows of one decision, as long as it can be taken back. The ids come when the server has answered. */
interface Made {
  senders: number[]
  said: string
  decisions: Promise<number[] | null>
}

export interface Inbox {
  shown: readonly SenderItem[]
  /** How many wait, those not loaded yet included. */
  left: number
  current: Signal<number | null>
  selected: Signal<ReadonlySet<number>>
  /** What happened last, for the eye and for screen readers. */
  said: string
  canUndo: boolean
  error: ApiError | undefined
  focusRow(id: number | null): void
  decide(ids: readonly number[], state: DecisionState): void
  undo(): void
}

/** When fewer rows than this are left, the next page is fetched. */
const KEEP_READY = 25

export const rowId = (id: number): string => `sender-${id}`
export const EMPTY_ID = 'inbox-empty'

/**
 * The state of the inbox: rows leave as soon as they are decided on, decisions go to the server one after the other, and rows
 * whose decision failed come back.
 *
 * @param total how many wait by the server's count; undefined while it is not known
 * @param domain what decisions count for; null: every domain that the sender sends as
 */
export function useInbox(list: Pages<SenderItem>, total: number | undefined, domain: string | null): Inbox {
  const [gone, setGone] = useState<ReadonlySet<number>>(new Set())
  const [said, setSaid] = useState('')
  const [error, setError] = useState<ApiError>()
  const [made, setMade] = useState<readonly Made[]>([])
  const current = useSignal<number | null>(null)
  const selected = useSignal<ReadonlySet<number>>(new Set())
  const queue = useRef<Promise<unknown>>(Promise.resolve())
  const focusNext = useRef<number | 'empty' | null>(null)

  const shown = useMemo(() => (list.pages ?? []).flat().filter((item) => !gone.has(item.id)), [list.pages, gone])
  const left = list.hasMore && total !== undefined ? Math.max(total - gone.size, shown.length) : shown.length
  const ids = useMemo(() => shown.map((item) => item.id), [shown])

  useEffect(() => {
    if (list.hasMore && !list.loading && shown.length < KEEP_READY) list.more()
  }, [list.hasMore, list.loading, shown.length])

  // One row can always be reached by Tab, also after another filter brought other rows.
  // Only rows watch which one it is: this page would draw all of them anew with each step.
  const focused = current.peek()
  if (focused === null || !ids.includes(focused)) current.value = ids[0] ?? null

  useLayoutEffect(() => {
    const target = focusNext.current
    focusNext.current = null
    if (target !== null) document.getElementById(target === 'empty' ? EMPTY_ID : rowId(target))?.focus()
  }, [shown])

  const focusRow = useCallback(
    (id: number | null) => {
      if (id === null) return
      current.value = id
      document.getElementById(rowId(id))?.focus()
    },
    [current],
  )
  const leave = (senders: readonly number[]) => {
    const leaving = new Set(senders)
    const next = successorOf(ids, leaving)
    current.value = next
    focusNext.current = next ?? 'empty'
    selected.value = new Set([...selected.value].filter((id) => !leaving.has(id)))
    setGone((old) => new Set([...old, ...senders]))
  }
  const comeBack = (senders: readonly number[]) => {
    current.value = senders[0] ?? null
    focusNext.current = senders[0] ?? null
    setGone((old) => new Set([...old].filter((id) => !senders.includes(id))))
  }
  const failed = (thrown: unknown, senders: readonly number[], isGone: boolean) => {
    setError(toApiError(thrown))
    if (isGone) comeBack(senders)
    else leave(senders)
  }

  return {
    shown,
    left,
    current,
    selected,
    said,
    canUndo: made.length > 0,
    error,
    focusRow,
    decide(senders, state) {
      if (senders.length === 0) return
      const t = senderWords().decisionWords
      const word = words().senderStates[state]
      const only = senders.length === 1 ? shown.find((item) => item.id === senders[0]) : undefined
      const done = only ? t.done(shownText(only.name), word) : t.doneMany(senders.length, word)
      setError(undefined)
      setSaid(`${done}, ${t.left(Math.max(left - senders.length, 0))}`)
      leave(senders)
      const decisions = queue.current.then(async () => {
        try {
          return (await decide({ domain, senders: [...senders], state })).decisions
        } catch (thrown) {
          setMade((old) => old.filter((entry) => entry !== entryMade))
          setSaid('')
          failed(thrown, senders, true)
          return null
        }
      })
      queue.current = decisions.then(askAttention)
      const entryMade: Made = { senders: [...senders], said: done, decisions }
      setMade((old) => [...old, entryMade])
    },
    undo() {
      const t = senderWords().decisionWords
      const last = made.at(-1)
      if (!last) {
        setSaid(t.nothingToUndo)
        return
      }
      setMade(made.slice(0, -1))
      setError(undefined)
      setSaid(`${t.undone(last.said)}, ${t.left(left + last.senders.length)}`)
      comeBack(last.senders)
      queue.current = queue.current.then(async () => {
        const decisions = await last.decisions
        if (decisions === null) return
        try {
          await undoDecisions(decisions)
        } catch (thrown) {
          failed(thrown, last.senders, false)
        }
        await askAttention()
      })
    },
  }
}
