import { addDays } from '../src/days.ts'
import type { DaySum, DomainHistory, SenderHistory } from '../src/history.ts'

/** First day of the tests' histories, a Monday. */
export const start = '2026-01-05'
export const day = (index: number): string => addDays(start, index)

/** Days from `from` on, each with these messages, of which `pass` pass. */
export function daysOf(from: number, count: number, messages: number, pass: number): DaySum[] {
  return Array.from({ length: count }, (_, index) => ({ day: day(from + index), messages, pass }))
}

export function sender(given: Partial<SenderHistory> & Pick<SenderHistory, 'days'>): SenderHistory {
  return {
    id: 1,
    name: 'service.example',
    kind: 'domain',
    state: 'unknown',
    decided: false,
    passesOn: false,
    sources: 1,
    firstDay: given.days[0]?.day ?? start,
    ...given,
  }
}

export function history(given: Partial<DomainHistory>): DomainHistory {
  return {
    domain: 'example.com',
    today: day(60),
    firstDay: start,
    senders: [],
    days: [],
    reporters: [],
    policies: [],
    tls: [],
    mailboxFails: false,
    ruaPublished: null,
    ...given,
  }
}
