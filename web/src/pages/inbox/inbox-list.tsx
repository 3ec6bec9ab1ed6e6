import type { SenderItem } from '@ruadar/contract'
import { useComputed } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useRef } from 'preact/hooks'
import { rangeBetween, neighbourOf } from './inbox-order.ts'
import { commandOf } from './inbox-keys.ts'
import { InboxRow } from './inbox-row.tsx'
import type { Inbox } from './use-inbox.ts'
import type { ComponentChildren, VNode } from 'preact'
import { senderWords } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'

interface InboxListProps {
  inbox: Inbox
  onHelp: () => void
  children: ComponentChildren
}

/** Everything in which the keys of the inbox work: the list, the bar above it, and what stands there when the list is empty. */
export function InboxKeys({ inbox, onHelp, children }: InboxListProps) {
  const { route } = useLocation()
  const { href } = useFilter()
  const anchor = useRef<number | null>(null)
  const { current, selected } = inbox
  const ids = inbox.shown.map((item) => item.id)

  const goTo = (id: number | null, extend: boolean) => {
    if (id === null) return
    if (extend) {
      anchor.current ??= current.value ?? id
      selected.value = new Set(rangeBetween(ids, anchor.current, id))
    } else anchor.current = null
    inbox.focusRow(id)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const command = commandOf(event)
    const target = event.target as HTMLElement
    if (command === null || isTyping(target)) return
    // Space and Enter press the button, box or link that has the focus; elsewhere they are ours.
    const isControl = target.closest('button, a, input, summary') !== null
    if (isControl && (command.do === 'open' || event.key === ' ')) return
    event.preventDefault()
    switch (command.do) {
      case 'move':
        return goTo(neighbourOf(ids, current.value, command.by), command.extend)
      case 'end':
        return goTo((command.of === 'first' ? ids[0] : ids.at(-1)) ?? null, command.extend)
      case 'decide':
        anchor.current = null
        return inbox.decide(chosen(inbox), command.state)
      case 'select':
        anchor.current = current.value
        return toggle(inbox, current.value)
      case 'all':
        selected.value = new Set(ids)
        return
      case 'none':
        anchor.current = null
        selected.value = new Set()
        return
      case 'open':
        if (current.value !== null) route(href(`/senders/${current.value}`))
        return
      case 'undo':
        return inbox.undo()
      case 'help':
        return onHelp()
    }
  }
  return (
    <div class="inbox" onKeyDown={onKeyDown}>
      {children}
    </div>
  )
}

/** What a decision is about: the chosen rows in their order, or else the row with the focus. */
export function chosen({ shown, selected, current }: Inbox): number[] {
  const ids = shown.map((item) => item.id)
  const among = ids.filter((id) => selected.value.has(id))
  return among.length > 0 ? among : ids.filter((id) => id === current.value)
}

function toggle({ selected }: Inbox, id: number | null): void {
  if (id === null) return
  const next = new Set(selected.value)
  if (!next.delete(id)) next.add(id)
  selected.value = next
}

const isTyping = (target: HTMLElement): boolean =>
  target instanceof HTMLSelectElement ||
  target instanceof HTMLTextAreaElement ||
  (target instanceof HTMLInputElement && target.type !== 'checkbox')

export function InboxList({ inbox }: { inbox: Inbox }) {
  const latest = useRef(inbox)
  latest.current = inbox
  // The same element again tells Preact to leave a row alone when others leave: there may be thousands.
  const drawn = useRef(new WeakMap<SenderItem, VNode>())
  const rowOf = (item: SenderItem): VNode => {
    const row = drawn.current.get(item) ?? <ListedRow key={item.id} inbox={latest} item={item} />
    drawn.current.set(item, row)
    return row
  }
  return (
    <div class="inbox-list" role="grid" aria-multiselectable="true" aria-label={senderWords().inbox.list}>
      {inbox.shown.map(rowOf)}
    </div>
  )
}

/** Is drawn anew only when it gets or loses the focus or its choice. */
function ListedRow({ inbox, item }: { inbox: { readonly current: Inbox }; item: SenderItem }) {
  const { current, selected } = inbox.current
  const isCurrent = useComputed(() => current.value === item.id)
  const isSelected = useComputed(() => selected.value.has(item.id))
  return (
    <InboxRow
      item={item}
      isCurrent={isCurrent.value}
      isSelected={isSelected.value}
      onFocus={() => {
        current.value = item.id
      }}
      onSelect={() => toggle(inbox.current, item.id)}
      onDecide={(state) => inbox.current.decide([item.id], state)}
    />
  )
}
