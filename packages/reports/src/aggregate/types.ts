import type { Policy, Verdict } from '@ruadar/dmarc'

export type { Policy, Verdict }
export type Disposition = 'none' | 'quarantine' | 'reject' | 'pass' | 'unknown'
export type DkimResult = 'none' | 'pass' | 'fail' | 'policy' | 'neutral' | 'temperror' | 'permerror' | 'unknown'
export type SpfResult = DkimResult | 'softfail'
export type Dialect = 'rfc7489' | 'rfc9990'

/** The policy that the reporter applied; null stands for "not given", never for a default. */
export interface PublishedPolicy {
  /** Lower case and A-labels, as all domains. */
  domain: string
  /** The domain as reported, only where that is not ASCII: A-labels join what belongs together, this shows what was said. */
  domainText?: string
  p: Policy | null
  sp: Policy | null
  np: Policy | null
  adkim: 'r' | 's' | null
  aspf: 'r' | 's' | null
  pct: number | null
  fo: string | null
  testing: 'y' | 'n' | null
  discoveryMethod: 'psl' | 'treewalk' | null
}

/** All of a report but its records. Times are UTC epoch seconds as reported; `end` may be inclusive or exclusive (1.6). */
export interface AggregateHead {
  kind: 'aggregate'
  orgName: string | null
  email: string | null
  extraContactInfo: string | null
  reportId: string | null
  begin: number
  end: number
  errors: string[]
  generator: string | null
  policy: PublishedPolicy
  /** Normalised org_name, part of the key of a report (1.9); from `email` or the mail's sender when org_name is empty (row 48). */
  reporter: string
  reporterDerivedFrom: 'org_name' | 'email' | 'sender' | 'none'
  /** Namespace URI of the root element, null without one; `dialect` is a label for display only (1.1). */
  namespace: string | null
  version: string | null
  dialect: Dialect
  /** Lower-case hex SHA-256 of the decompressed XML bytes as they came. */
  xmlHash: string
  xmlBytes: number
}

export interface DkimAuth {
  /** Empty when the reporter named none (row 40); such a signature never aligns. */
  domain: string
  selector: string | null
  result: DkimResult
  humanResult: string | null
}

export interface SpfAuth {
  domain: string
  scope: string | null
  result: SpfResult
  humanResult: string | null
}

/** One row: `count` messages of one source with the same results. */
export interface AggregateRecord {
  /** Canonical (RFC 5952) text; null when the reporter left it out (row 46) or it is no address. */
  sourceIp: string | null
  /** What stood in place of an address, when it is none: a host name, a network, an octal-looking number. Never looked up. */
  sourceText: string | null
  count: number
  disposition: Disposition
  /** Aligned results as reported, before any override. */
  dkim: Verdict
  spf: Verdict
  headerFrom: string | null
  /** As reported, only where that is not ASCII: homographs and invisible characters are to be seen. */
  headerFromText?: string
  envelopeFrom: string | null
  /** True for `<envelope_from/>`: a bounce, whose SPF identity is the HELO name. */
  nullSender: boolean
  envelopeTo: string | null
  reasons: { type: string | null; comment: string | null }[]
  auth: { dkim: DkimAuth[]; spf: SpfAuth[] }
  /** Our own reading of the same evidence (2.4); counts use what was reported. */
  recomputed: { dkim: Verdict; spf: Verdict; dmarc: Verdict }
}

/** Sums over the records of a report: messages, except `records` (rows) and `sources` (distinct addresses). */
export interface AggregateTotals {
  records: number
  messages: number
  /** Messages for which the reporter says that dkim or spf passed aligned. */
  dmarcPass: number
  disposition: Record<Disposition, number>
  sources: number
}
