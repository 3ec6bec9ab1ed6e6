/**
 * What each rule says when it fires: numbers and names only, the sentence is the words' business. Days are UTC, YYYY-MM-DD;
 * shares are 0 to 1; counts are messages unless they say otherwise.
 */
export interface AlertFacts {
  /** A sender that the domain did not have before, past its learning time. */
  new_sender: { sender: string; kind: string; firstDay: string; days: number; messages: number; aligned: number; sources: number }
  /** Addresses that look like forgery, summed up by week: never one alert for each. */
  spoofing: { from: string; to: string; senders: number; sources: number; messages: number; largest: string }
  /** An own or approved sender aligns less than it used to. */
  alignment_drop: { sender: string; share: number; usualShare: number; messages: number; failing: number }
  /** A domain's failing messages of a day against its own history. */
  failing_rise: { failing: number; usual: number; messages: number }
  /** No more reports, of a reporter (named) or of all. */
  reports_stop: { reporter: string | null; lastDay: string; silentDays: number; cause: 'mailbox' | 'record' | 'low_volume' | 'unknown' }
  /** The published policy that reports show; as a record: `p=none; sp=reject`. */
  policy_changed: { before: string; after: string; reporters: number }
  /** Mails that could not be read, by their most frequent reason (code of the outcome). */
  quarantine: { mails: number; code: string }
  /** A mailbox that cannot be reached. */
  mailbox_failing: { mailbox: string; message: string; since: string }
  /** Failed TLS sessions of a day against the domain's history. */
  tls_failures_rise: { failed: number; usual: number; sessions: number; resultType: string | null }
  /** A channel that could not deliver; told through the others. */
  channel_failing: { channel: string; message: string; waiting: number }
}

export type Rule = keyof AlertFacts

/** What a channel is told: an alert, or one message about all that an import of old mail showed. */
export type Notice =
  | { [R in Rule]: { rule: R; alertId: number; domain: string | null; senderId: number | null; day: string; facts: AlertFacts[R] } }[Rule]
  | { rule: 'history'; from: string; to: string; domains: string[]; senders: number; unknown: number; alerts: number }
