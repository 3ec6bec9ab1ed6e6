import type { Disposition, MailState, Verdict as VerdictValue } from '@ruadar/contract'
import type { ComponentChildren } from 'preact'
import { words } from '../i18n/language.ts'

export type Tone = 'good' | 'bad' | 'warn' | 'quiet'

/** The sign in front says the same as the colour. */
const SIGNS: { [T in Tone]: string } = { good: '✓', bad: '✕', warn: '!', quiet: '·' }

export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`badge badge-${tone}`}>
      <span aria-hidden="true" class="badge-sign">
        {SIGNS[tone]}
      </span>
      {children}
    </span>
  )
}

const VERDICT_TONES: { [V in VerdictValue]: Tone } = { pass: 'good', fail: 'bad', unknown: 'quiet' }
export const Verdict = ({ value }: { value: VerdictValue }) => <Badge tone={VERDICT_TONES[value]}>{words().verdicts[value]}</Badge>

const DISPOSITION_TONES: { [D in Disposition]: Tone } = { none: 'quiet', pass: 'good', quarantine: 'warn', reject: 'bad', unknown: 'quiet' }
export const DispositionBadge = ({ value }: { value: Disposition }) => (
  <Badge tone={DISPOSITION_TONES[value]}>{words().dispositions[value]}</Badge>
)

const MAIL_TONES: { [S in MailState]: Tone } = {
  stored: 'quiet',
  imported: 'good',
  duplicate: 'quiet',
  conflict: 'warn',
  ignored: 'quiet',
  quarantined: 'bad',
}
export const MailStateBadge = ({ value }: { value: MailState }) => <Badge tone={MAIL_TONES[value]}>{words().mailStates[value]}</Badge>
