import type { SenderState } from '@ruadar/contract'
import { senderWords } from '../i18n/language.ts'

/** The four things that a sender can be declared to be, in the order of their keys. */
export const DECISIONS = ['own', 'approved', 'forwarder', 'rejected'] as const
export type DecisionState = (typeof DECISIONS)[number]

interface DecisionButtonsProps {
  /** What all of it is about, for screen readers. */
  label: string
  /** What was decided; its button is pressed. */
  current?: SenderState | undefined
  /** Proposed or asked for: its button stands out. */
  suggested?: SenderState | undefined
  busy?: boolean
  tabIndex?: number
  /** Shows 1 to 4 before the words. */
  keys?: boolean
  onDecide: (state: DecisionState) => void
}

export function DecisionButtons({ label, current, suggested, busy = false, tabIndex = 0, keys = false, onDecide }: DecisionButtonsProps) {
  const t = senderWords().decisionWords
  return (
    <span class="decision-buttons" role="group" aria-label={label}>
      {DECISIONS.map((state, index) => (
        <button
          key={state}
          type="button"
          class={state === suggested && current !== state ? 'button button-suggested' : 'button'}
          data-decision={state}
          title={t.meanings[state]}
          tabIndex={tabIndex}
          disabled={busy}
          aria-pressed={current === undefined ? undefined : current === state}
          onClick={() => onDecide(state)}
        >
          {keys && <kbd aria-hidden="true">{index + 1}</kbd>}
          {t.actions[state]}
        </button>
      ))}
    </span>
  )
}
