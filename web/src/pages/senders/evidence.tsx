import type { JSX } from 'preact'
import { Name } from '../../components/name.tsx'
import { senderWords } from '../../i18n/language.ts'
import type { Parts } from '../../i18n/parts.ts'

type Sentence = <T>(given: { value: T }) => Parts<T>

/** What speaks for a sender's name; a kind of evidence that this page does not know yet is shown as it is. */
export function evidenceParts({ by, value }: { by: string; value: string }): Parts<JSX.Element> {
  const s = senderWords().senderPage
  const known: Partial<Record<string, Sentence>> = s.evidence
  const shown = <Name value={value} />
  const sentence = Object.hasOwn(known, by) ? known[by] : undefined
  return sentence ? sentence({ value: shown }) : s.otherEvidence({ by, value: shown })
}
