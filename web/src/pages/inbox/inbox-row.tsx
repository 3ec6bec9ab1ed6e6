import type { SenderItem } from '@ruadar/contract'
import { DecisionButtons, type DecisionState } from '../../components/decision-buttons.tsx'
import { Name } from '../../components/name.tsx'
import { senderKind } from '../../components/sender-state.tsx'
import { ShareBar } from '../../components/share-bar.tsx'
import { shownText } from '../../components/shown-text.ts'
import { formats, senderWords } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'
import { Cause } from '../senders/cause.tsx'
import { rowId } from './use-inbox.ts'

interface InboxRowProps {
  item: SenderItem
  isCurrent: boolean
  isSelected: boolean
  onFocus: () => void
  onSelect: () => void
  onDecide: (state: DecisionState) => void
}

/** One sender that waits: who it seems to be, how much it sends, why it fails, and the four answers. */
export function InboxRow({ item, isCurrent, isSelected, onFocus, onSelect, onDecide }: InboxRowProps) {
  const t = senderWords()
  const f = formats()
  const { href } = useFilter()
  // Only the row with the focus is a stop for Tab; its box, link and buttons come after it.
  const tabIndex = isCurrent ? 0 : -1
  const name = shownText(item.name)
  return (
    <div class="inbox-row" role="row" id={rowId(item.id)} tabIndex={tabIndex} aria-selected={isSelected} onFocusCapture={onFocus}>
      <div role="gridcell" class="inbox-choice">
        <input
          type="checkbox"
          class="choose-box"
          tabIndex={tabIndex}
          aria-label={t.inbox.choose(name)}
          checked={isSelected}
          onChange={onSelect}
        />
      </div>
      <div role="rowheader" class="inbox-name">
        <a href={href(`/senders/${item.id}`)} tabIndex={tabIndex}>
          <Name value={item.name} />
        </a>
        <span class="cell-note">
          {senderKind(item.kind)} · {t.senders.sources(item.sources)}
        </span>
        <span class="cell-note">{t.inbox.as({ domains: listed(item.domains) })}</span>
      </div>
      <div role="gridcell" class="inbox-numbers">
        <span>{t.inbox.messages(item.messages)}</span>
        <ShareBar pass={item.dmarcPass} messages={item.messages} />
        <span class="cell-note">{t.inbox.seen(f.day(item.firstSeen), f.day(item.lastSeen))}</span>
      </div>
      <div role="gridcell" class="inbox-cause">
        <Cause item={item} />
      </div>
      <div role="gridcell" class="inbox-decision">
        <DecisionButtons label={`${t.decisionWords.choose}: ${name}`} keys tabIndex={tabIndex} onDecide={onDecide} />
      </div>
    </div>
  )
}

const listed = (domains: readonly string[]) =>
  domains.flatMap((domain, index) => [index === 0 ? '' : ', ', <Name key={domain} value={domain} />])
