import { makeNumbers, type Language } from './numbers.ts'

/** Sentences of a digest. Names come in as they may be shown. Counts are messages unless they say otherwise; shares are 0 to 1. */
export interface DigestWords {
  subject(about: { domain: string | null; domains: number; messages: number; share: number }): string
  /** [from, to) as days; the last day is the one before `to`. */
  period(from: string, lastDay: string): string
  numbers(sums: { messages: number; reporters: number; share: number; shareBefore: number | null }): string
  noMail: string
  failing(sender: string, failing: number, cause: string | null): string
  newSenders(names: string, more: number): string
  silent(names: string): string
  tasks(count: number): string
  moreDomains(count: number): string
  alerts: string
  moreAlerts(count: number): string
  next: string
  nextRepair(sender: string, domain: string): string
  nextDecide(count: number): string
  nextNothing: string
}

const en = makeNumbers('en')
const ru = makeNumbers('ru')
const enMessages = (count: number) => en.counted(count, { one: '# message', other: '# messages' })
const ruMessages = (count: number) => ru.counted(count, { one: '# письмо', few: '# письма', many: '# писем', other: '# письма' })

export const digestWords: Record<Language, DigestWords> = {
  en: {
    subject: ({ domain, domains, messages, share }) =>
      messages === 0
        ? `DMARC digest of ${domain ?? en.counted(domains, { one: '# domain', other: '# domains' })}: no mail was reported`
        : `DMARC digest of ${domain ?? en.counted(domains, { one: '# domain', other: '# domains' })}: ${en.share(share)} of ${enMessages(messages)} pass`,
    period: (from, lastDay) =>
      from === lastDay ? `Reports about ${en.day(from)} (UTC).` : `Reports about ${en.day(from)} to ${en.day(lastDay)} (UTC).`,
    numbers: ({ messages, reporters, share, shareBefore }) =>
      `${enMessages(messages)} from ${en.counted(reporters, { one: '# reporter', other: '# reporters' })}; ${en.share(share)} pass DMARC${
        shareBefore === null ? '' : ` (${en.share(shareBefore)} in the period before)`
      }.`,
    noMail: 'No mail was reported.',
    failing: (sender, failing, cause) =>
      `${sender}: ${enMessages(failing)} fail${failing === 1 ? 's' : ''}.${cause === null ? '' : ` ${cause}`}`,
    newSenders: (names, more) => `New senders: ${names}${more > 0 ? ` and ${en.integer(more)} more` : ''}.`,
    silent: (names) => `No reports for a week of: ${names}.`,
    tasks: (count) => `${en.counted(count, { one: '# repair is', other: '# repairs are' })} open.`,
    moreDomains: (count) => `${en.counted(count, { one: '# more domain', other: '# more domains' })} with less mail.`,
    alerts: 'Open alerts',
    moreAlerts: (count) => `${en.counted(count, { one: '# more alert', other: '# more alerts' })}.`,
    next: 'Next',
    nextRepair: (sender, domain) => `Repair ${sender} for ${domain}: it fails most of what can be repaired.`,
    nextDecide: (count) => `Say what ${en.counted(count, { one: '# unknown sender is', other: '# unknown senders are' })}.`,
    nextNothing: 'Nothing to do.',
  },
  ru: {
    subject: ({ domain, domains, messages, share }) =>
      messages === 0
        ? `Сводка DMARC, ${domain ?? ru.counted(domains, { one: '# домен', few: '# домена', many: '# доменов', other: '# домена' })}: о письмах не сообщали`
        : `Сводка DMARC, ${domain ?? ru.counted(domains, { one: '# домен', few: '# домена', many: '# доменов', other: '# домена' })}: ${ruMessages(messages)}, проходят ${ru.share(share)}`,
    period: (from, lastDay) =>
      from === lastDay ? `Отчёты за ${ru.day(from)} (UTC).` : `Отчёты с ${ru.day(from)} по ${ru.day(lastDay)} (UTC).`,
    numbers: ({ messages, reporters, share, shareBefore }) =>
      `${ruMessages(messages)} от ${ru.counted(reporters, { one: '# составителя отчётов', other: '# составителей отчётов' })}; проходят DMARC ${ru.share(share)}${
        shareBefore === null ? '' : ` (в прошлом периоде ${ru.share(shareBefore)})`
      }.`,
    noMail: 'О письмах не сообщали.',
    failing: (sender, failing, cause) =>
      `${sender}: не ${failing % 10 === 1 && failing % 100 !== 11 ? 'проходит' : 'проходят'} ${ruMessages(failing)}.${cause === null ? '' : ` ${cause}`}`,
    newSenders: (names, more) => `Новые отправители: ${names}${more > 0 ? ` и ещё ${ru.integer(more)}` : ''}.`,
    silent: (names) => `Неделю нет отчётов от: ${names}.`,
    tasks: (count) =>
      `${ru.counted(count, { one: 'Ждёт # исправление', few: 'Ждут # исправления', many: 'Ждут # исправлений', other: 'Ждут # исправления' })}.`,
    moreDomains: (count) =>
      `Ещё ${ru.counted(count, { one: '# домен', few: '# домена', many: '# доменов', other: '# домена' })}, где писем меньше.`,
    alerts: 'Открытые оповещения',
    moreAlerts: (count) =>
      `Ещё ${ru.counted(count, { one: '# оповещение', few: '# оповещения', many: '# оповещений', other: '# оповещения' })}.`,
    next: 'Что дальше',
    nextRepair: (sender, domain) =>
      `Исправьте отправителя ${sender} для ${domain}: у него не проходит больше всего писем, которые можно исправить.`,
    nextDecide: (count) => `Неизвестные отправители ждут решения: ${ru.integer(count)}.`,
    nextNothing: 'Делать ничего не нужно.',
  },
}
