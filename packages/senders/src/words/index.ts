import type { DiagnosisFacts } from '../diagnosis.ts'
import { causes as causesEn, titles as titlesEn } from './causes.en.ts'
import { causes as causesRu, titles as titlesRu } from './causes.ru.ts'
import { reasonsEn, reasonsRu } from './reasons.ts'
import type { Holes, Parts, SenderWords } from './sentences.ts'
import { steps as stepsEn } from './steps.en.ts'
import { steps as stepsRu } from './steps.ru.ts'

export type { Holes, Parts } from './sentences.ts'

export type SenderLanguage = 'en' | 'ru'

const words: Record<SenderLanguage, SenderWords> = {
  en: { titles: titlesEn, causes: causesEn, steps: stepsEn, reasons: reasonsEn },
  ru: { titles: titlesRu, causes: causesRu, steps: stepsRu, reasons: reasonsRu },
}

const plain: Holes<string> = { name: (text) => text, code: (text) => text }

/** A few words for a list. A code that is not known (an older page, a newer server) is shown as it is. */
export function diagnosisTitle(language: SenderLanguage, code: string): string {
  return find(words[language].titles, code) ?? code
}

/** The cause in a sentence or two. `facts` as the API gives them. */
export function diagnosisParts<T>(language: SenderLanguage, code: string, facts: object, holes: Holes<T>): Parts<T> {
  return find(words[language].causes, code)?.(facts as DiagnosisFacts, holes) ?? [code]
}

export function diagnosisText(language: SenderLanguage, code: string, facts: object): string {
  return diagnosisParts(language, code, facts, plain).join('')
}

/** What to do in one step of a repair. */
export function stepParts<T>(language: SenderLanguage, code: string, facts: object, holes: Holes<T>): Parts<T> {
  return find(words[language].steps, code)?.(facts, holes) ?? [code]
}

export function stepText(language: SenderLanguage, code: string, facts: object): string {
  return stepParts(language, code, facts, plain).join('')
}

/** Why a sender is taken for what it is proposed as. */
export function proposalText(language: SenderLanguage, code: string, facts: object): string {
  return find(words[language].reasons, code)?.(facts as Record<string, number>, plain).join('') ?? code
}

const find = <V>(table: Record<string, V>, code: string): V | undefined => (Object.hasOwn(table, code) ? table[code] : undefined)
