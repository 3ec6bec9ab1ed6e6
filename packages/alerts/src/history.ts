/** A UTC day, YYYY-MM-DD. */
export type Day = string

/** Messages of a day, and those of them that passed DMARC. */
export interface DaySum {
  day: Day
  messages: number
  pass: number
}

export interface SenderHistory {
  id: number
  name: string
  kind: string
  state: 'own' | 'approved' | 'forwarder' | 'unknown' | 'rejected'
  /** Set by a person; else proposed from the evidence. */
  decided: boolean
  /** A scanner or forwarder by what the catalogue says. */
  passesOn: boolean
  sources: number
  /** First day of all time. */
  firstDay: Day
  /** Days with mail within the history, oldest first. */
  days: readonly DaySum[]
}

export interface ReporterHistory {
  reporter: string
  /** Days with a report, oldest first. */
  days: readonly Day[]
}

/** The policy that one reporter showed on one day, as a record: `p=none; sp=reject`. */
export interface ShownPolicy {
  day: Day
  reporter: string
  policy: string
}

export interface TlsDay {
  day: Day
  sessions: number
  failed: number
  /** Most frequent result of the failed ones. */
  resultType: string | null
}

/** What is known of a domain: everything that rules about a domain decide by. Lists are oldest first. */
export interface DomainHistory {
  domain: string
  /** The clock's day. */
  today: Day
  /** First day of all time. */
  firstDay: Day
  senders: readonly SenderHistory[]
  days: readonly DaySum[]
  reporters: readonly ReporterHistory[]
  policies: readonly ShownPolicy[]
  tls: readonly TlsDay[]
  /** Whether one of the mailboxes cannot be reached, and whether DNS still names our address in rua (null: not asked). */
  mailboxFails: boolean
  ruaPublished: boolean | null
}
