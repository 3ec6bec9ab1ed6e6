import type { Notice, Rule } from '../facts.ts'
import { en } from './en.ts'
import type { Language } from './numbers.ts'
import type { Parts } from './parts.ts'
import { plainName } from './plain-name.ts'
import { ru } from './ru.ts'
import type { AlertSentences, AlertWords, Told } from './sentences.ts'

export type { Language } from './numbers.ts'
export type { Parts } from './parts.ts'
export type { AlertWords } from './sentences.ts'
export { plainName } from './plain-name.ts'
export { digestWords } from './digest.ts'

export const alertWords: Record<Language, AlertWords> = { en, ru }

/** Title of a notice with its names through `name`: one line without a full stop. */
export function alertTitleParts<T>(language: Language, notice: Notice, name: (text: string) => T): Parts<T> {
  const words = alertWords[language]
  return notice.rule === 'history' ? [words.history.title] : sentencesOf(words, notice.rule).title(told(notice, name))
}

/** What a notice says, in one to three sentences, with its names through `name`. */
export function alertTextParts<T>(language: Language, notice: Notice, name: (text: string) => T): Parts<T> {
  const words = alertWords[language]
  return notice.rule === 'history' ? words.history.text(notice, name) : sentencesOf(words, notice.rule).text(told(notice, name))
}

/** The title as plain text in which names can do no harm. */
export function alertTitle(language: Language, notice: Notice): string {
  return alertTitleParts(language, notice, plainName).join('')
}

/** The sentences as plain text in which names can do no harm. */
export function alertText(language: Language, notice: Notice): string {
  return alertTextParts(language, notice, plainName).join('')
}

/** One rule of many: that facts and sentences are those of the same rule is what `Notice` promises. */
const sentencesOf = (words: AlertWords, rule: Rule) => words.sentences[rule] as AlertSentences<Rule>

function told<T>(notice: Exclude<Notice, { rule: 'history' }>, name: (text: string) => T): Told<Rule, T> {
  return { facts: notice.facts, domain: notice.domain, day: notice.day, name: (text) => name(text) }
}
