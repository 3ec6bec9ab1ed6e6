import type { FailureReason } from '@ruadar/contract'
import { words } from '../i18n/language.ts'
import { reasonParts } from '../i18n/reason-parts.ts'
import { Name } from './name.tsx'

/** Why one mechanism did not align, in one sentence. */
function ReasonSentence({ reason }: { reason: FailureReason }) {
  return (
    <>
      {reasonParts(words().reasons, reason, {
        domain: reason.domain === null ? null : <Name value={reason.domain} />,
        from: <Name value={reason.headerFrom} />,
        result: reason.result === null ? null : <Name value={reason.result} />,
      })}
    </>
  )
}

interface ReasonListProps {
  reasons: readonly FailureReason[]
  /** Whether each sentence says how many messages it concerns. */
  counted?: boolean
}

export function ReasonList({ reasons, counted = false }: ReasonListProps) {
  if (reasons.length === 0) return <span class="muted">–</span>
  return (
    <ul class="reasons">
      {reasons.map((reason) => (
        <li key={reason.mechanism + reason.code + reason.domain + reason.headerFrom}>
          <span class="mechanism">{reason.mechanism.toUpperCase()}</span>
          <span>
            <ReasonSentence reason={reason} />
            {counted && <span class="muted"> {words().standing.messages(reason.messages)}</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}
