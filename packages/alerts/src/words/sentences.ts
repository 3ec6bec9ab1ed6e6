import type { AlertFacts, Notice, Rule } from '../facts.ts'
import type { Parts } from './parts.ts'

/** What a sentence is made of. Names go through `name`, which is where a page isolates them and a mail makes them harmless. */
export interface Told<R extends Rule, T> {
  facts: AlertFacts[R]
  /** Policy Domain; null: the alert is about none. */
  domain: string | null
  day: string
  name(text: string): T
}

export interface AlertSentences<R extends Rule> {
  /** One line, without a full stop: subject of a mail, head of a card. */
  title<T>(told: Told<R, T>): Parts<T>
  /** One to three sentences. */
  text<T>(told: Told<R, T>): Parts<T>
}

export type HistoryNotice = Extract<Notice, { rule: 'history' }>

export interface AlertWords {
  sentences: { [R in Rule]: AlertSentences<R> }
  /** What came out of old mail, in one message. */
  history: {
    title: string
    text<T>(notice: HistoryNotice, name: (text: string) => T): Parts<T>
  }
  /** Each rule by name, with one line of what it watches. */
  rules: Record<Rule, { name: string; about: string }>
  /** What may be said of a sender in one click; the keys are its states. */
  decisions: { own: string; approved: string; forwarder: string; rejected: string }
  actions: {
    open: string
    /** Shown where RUADAR_PUBLIC_URL is not set, so that a message can carry no links. */
    noLinks: string
    /** Under an e-mail. */
    reason(channel: string): string
  }
  test: { title: string; text(channel: string): string }
}
