import type { Warning } from '../report.ts'

/** One kind of failure as a sender counted it. Categories overlap: their sessions need not add up to `failed`. */
export interface TlsFailureDetail {
  /** One of RFC 8460 4.3 or what the sender wrote, in lower case: the list is open. */
  resultType: string
  /** Canonical (RFC 5952) text; null when absent or no address. */
  sendingMtaIp: string | null
  receivingMxHostname: string | null
  receivingMxHelo: string | null
  receivingIp: string | null
  failedSessions: number
  /** Never fetched; to be linked only as http(s). */
  additionalInformation: string | null
  failureReasonCode: string | null
}

export interface TlsPolicy {
  /** `sts`, `tlsa`, `no-policy-found` or what the sender wrote, in lower case. */
  policyType: string
  /** Recipient domain for sts, host of the MX for tlsa; lower case and A-labels. Null when neither the report nor its mail says. */
  policyDomain: string | null
  /** As reported, only where that is not ASCII. */
  policyDomainText?: string
  policyStrings: string[]
  mxHosts: string[]
  successful: number
  failed: number
  failureDetails: TlsFailureDetail[]
}

/** An SMTP TLS report (RFC 8460) as reported. Times are UTC epoch seconds. */
export interface TlsReport {
  kind: 'tls'
  organization: string | null
  contact: string | null
  reportId: string | null
  begin: number
  end: number
  policies: TlsPolicy[]
  /** Who is taken as the reporter, part of the report's key: the organisation in lower case, else the domain of contact or sender. */
  reporter: string
  /** Lower-case hex SHA-256 of the decompressed JSON bytes as they came. */
  contentHash: string
  jsonBytes: number
  warnings: Warning[]
}
