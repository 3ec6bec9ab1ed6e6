import type { FailureItem } from '@ruadar/contract'
import { Badge, type Tone } from '../../components/badges.tsx'
import { Name } from '../../components/name.tsx'
import { SourceName } from '../../components/source-name.tsx'
import { failureParts } from '../../i18n/failure-parts.ts'
import { words } from '../../i18n/language.ts'

/** A word of a fixed list in the reader's language, any other as the reporter wrote it. */
function Word({ value, known }: { value: string; known: Record<string, string> }) {
  return Object.hasOwn(known, value) ? <>{known[value]}</> : <Name value={value} />
}

/** What failed, in a word or two: the kind of failure, or of complaint. */
export function FailureKind({ item }: { item: Pick<FailureItem, 'authFailure' | 'feedbackType'> }) {
  const t = words().failures
  if (item.authFailure !== null) return <Word value={item.authFailure} known={t.kinds} />
  if (item.feedbackType === null || item.feedbackType === 'auth-failure') return <span class="muted">{t.notSaid}</span>
  return <Word value={item.feedbackType} known={t.complaints} />
}

const RESULT_TONES: Record<string, Tone> = { delivered: 'good', spam: 'warn', policy: 'warn', reject: 'bad' }

export function DeliveryResult({ value }: { value: string | null }) {
  const t = words().failures
  if (value === null) return <span class="muted">{t.notSaid}</span>
  return (
    <Badge tone={(Object.hasOwn(RESULT_TONES, value) ? RESULT_TONES[value] : undefined) ?? 'quiet'}>
      <Word value={value} known={t.results} />
    </Badge>
  )
}

type Said = Pick<FailureItem, 'authFailure' | 'feedbackType' | 'deliveryResult' | 'source' | 'domain'>

/** What failed and what became of the message. */
export function FailureSentence({ item }: { item: Said }) {
  return (
    <>
      {failureParts(words().failureSentences, item, {
        source: item.source === null ? null : <SourceName value={item.source} />,
        domain: item.domain === null ? null : <Name value={item.domain} />,
        word: (value) => <Name value={value} />,
      })}
    </>
  )
}
