import { Name } from '../../components/name.tsx'
import { words } from '../../i18n/language.ts'

/** A kind of policy by its usual name; a word that RFC 8460 does not know stands as the reporter wrote it. */
export function PolicyType({ value }: { value: string }) {
  const known: Record<string, string> = words().tls.policyTypes
  return Object.hasOwn(known, value) ? <>{known[value]}</> : <Name value={value} />
}

type Result = { name: string; meaning: string; advice: string }

/** What a result type of RFC 8460 4.3 means; undefined for a word of the reporter's own, since the list is open. */
function resultOf(type: string): Result | undefined {
  const known: Record<string, Result> = words().tlsResults
  return Object.hasOwn(known, type) ? known[type] : undefined
}

/** The kind of failure within a sentence. */
export function ResultTitle({ type }: { type: string }) {
  const result = resultOf(type)
  return result ? <>{result.name}</> : <Name value={type} />
}

/** The kind of failure in words, with the word of the report below. */
export function ResultName({ type }: { type: string }) {
  const result = resultOf(type)
  if (!result) return <Name value={type} />
  return (
    <span class="stack">
      <span>{result.name}</span>
      <code class="muted">{type}</code>
    </span>
  )
}

export function ResultMeaning({ type }: { type: string }) {
  const result = resultOf(type)
  if (!result) return <span class="muted">{words().tls.unknownType}</span>
  return (
    <>
      {result.meaning} {result.advice}
    </>
  )
}
