import { DecisionButtons } from '../../components/decision-buttons.tsx'
import { senderWords } from '../../i18n/language.ts'
import { chosen } from './inbox-list.tsx'
import type { Inbox } from './use-inbox.ts'

/** What can be done with the chosen senders, and what was done last. */
export function InboxBar({ inbox }: { inbox: Inbox }) {
  const t = senderWords()
  const { shown, selected } = inbox
  const count = shown.filter((item) => selected.value.has(item.id)).length
  const all = shown.length > 0 && count === shown.length
  return (
    <div class="inbox-bar">
      {shown.length > 0 && (
        <div class="selection" role="group" aria-label={t.inbox.selection}>
          <label>
            <input
              type="checkbox"
              class="choose-box"
              checked={all}
              indeterminate={count > 0 && !all}
              onChange={(event) => {
                selected.value = event.currentTarget.checked ? new Set(shown.map((item) => item.id)) : new Set()
              }}
            />
            {t.inbox.selectAll}
          </label>
          <span aria-live="polite">{count > 0 ? t.inbox.selected(count) : ''}</span>
          {count > 0 && (
            <>
              <DecisionButtons label={t.inbox.selection} onDecide={(state) => inbox.decide(chosen(inbox), state)} />
              <button
                type="button"
                class="link-button"
                onClick={() => {
                  selected.value = new Set()
                }}
              >
                {t.inbox.clear}
              </button>
            </>
          )}
        </div>
      )}
      <LastDone inbox={inbox} />
    </div>
  )
}

/** The announcement of each decision, with the way back beside it. */
function LastDone({ inbox }: { inbox: Inbox }) {
  const t = senderWords().decisionWords
  return (
    <p class="said">
      <span role="status">
        <bdi>{inbox.said}</bdi>
      </span>
      {inbox.canUndo && (
        <button type="button" class="button" onClick={() => inbox.undo()}>
          {t.undo} <kbd aria-hidden="true">U</kbd>
        </button>
      )}
    </p>
  )
}
