import { diagnosisParts as causeParts, diagnosisTitle as titleOf, proposalText, stepParts as partsOfStep } from '@ruadar/senders/words'
import { language } from '../../i18n/language.ts'
import type { Parts } from '../../i18n/parts.ts'

interface Said {
  code: string
  facts: Record<string, unknown>
}
type Holes<T> = Parameters<typeof causeParts<T>>[3]

/** The cause in a few words, in the language of the page. */
export const diagnosisTitle = ({ code }: { code: string }): string => titleOf(language.value, code)

/** The cause in full; facts that do not fit it (an older page, a newer server) leave the server's own sentence. */
export const diagnosisParts = <T>(said: Said & { text: string }, holes: Holes<T>): Parts<T> => told(said, holes, causeParts)

/** One step of a repair. */
export const stepParts = <T>(said: Said & { text: string }, holes: Holes<T>): Parts<T> => told(said, holes, partsOfStep)

/** Why a sender is taken for what it is proposed as. */
export const proposalReason = ({ code, facts }: Said): string => proposalText(language.value, code, facts)

function told<T>({ code, facts, text }: Said & { text: string }, holes: Holes<T>, sentence: typeof causeParts<T>): Parts<T> {
  try {
    return sentence(language.value, code, facts, holes)
  } catch {
    return [holes.name(text)]
  }
}
