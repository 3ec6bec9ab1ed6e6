import type { WarningLog } from '../aggregate/warning-log.ts'
import type { Limits } from '../limits.ts'
import { parseJson } from './json-text.ts'
import type { TlsFailureDetail, TlsPolicy } from './types.ts'
import { type Fields, field, isFields, JsonValues } from './values.ts'

// RFC 8460 4.4 and 4.3
const policyTypes = new Set(['sts', 'tlsa', 'no-policy-found'])
const resultTypes = new Set([
  'starttls-not-supported',
  'certificate-host-mismatch',
  'certificate-expired',
  'certificate-not-trusted',
  'validation-failure',
  'tlsa-invalid',
  'dnssec-invalid',
  'dane-required',
  'sts-policy-fetch-error',
  'sts-policy-invalid',
  'sts-webpki-invalid',
])

/** Reads the policies of a TLS report with the failures of each. */
export class PolicyReader {
  readonly #limits: Limits
  readonly #log: WarningLog
  readonly #values: JsonValues
  readonly #mailDomain: string | null

  /** `mailDomain`: what the mail says that the report is about, for policies that do not. */
  constructor(limits: Limits, log: WarningLog, mailDomain: string | null) {
    this.#limits = limits
    this.#log = log
    this.#values = new JsonValues(limits, log)
    this.#mailDomain = mailDomain
  }

  read(raw: unknown): TlsPolicy[] {
    if (!Array.isArray(raw)) this.#log.add(raw === undefined ? 'missing' : 'invalid_type', 'policies')
    const entries: readonly unknown[] = Array.isArray(raw) ? raw : isFields(raw) ? [raw] : []
    return entries.flatMap((entry, index) => {
      this.#log.within(`policies[${index}]`)
      const policy = isFields(entry) ? this.#policy(entry) : null
      if (policy === null) this.#log.add('invalid_type', '')
      this.#log.within('')
      return policy ?? []
    })
  }

  #policy(entry: Fields): TlsPolicy {
    const policy = field(entry, 'policy')
    const summary = field(entry, 'summary')
    const policyType = this.#values.word(policy, 'policy-type', policyTypes)
    const { domain, asReported } = this.#values.domain(policy, 'policy-domain')
    return {
      policyType,
      policyDomain: domain ?? this.#mailedDomain(policyType),
      ...(asReported === null ? {} : { policyDomainText: asReported }),
      policyStrings: this.#policyStrings(field(policy, 'policy-string')),
      mxHosts: this.#mxHosts(policy),
      successful: this.#values.count(summary, 'total-successful-session-count', true),
      failed: this.#values.count(summary, 'total-failure-session-count', true),
      failureDetails: this.#details(field(entry, 'failure-details')),
    }
  }

  /** Postfix leaves it out without a policy: the mail says it. For tlsa it is an MX host, which the mail does not say. */
  #mailedDomain(policyType: string): string | null {
    const { domain } = this.#values.domain({ 'policy-domain': this.#mailDomain }, 'policy-domain')
    if (domain === null || policyType === 'tlsa') {
      this.#log.add('missing', 'policy-domain')
      return null
    }
    this.#log.add('derived', 'policy-domain', domain)
    return domain
  }

  /** Microsoft puts a JSON array into one string; others the policy as it was fetched, with its line ends. */
  #policyStrings(raw: unknown): string[] {
    const only: unknown = Array.isArray(raw) && raw.length === 1 ? raw[0] : raw
    if (typeof raw === 'string') this.#log.add('single_for_list', 'policy-string', raw)
    const lines = typeof only === 'string' ? only.split(/[\r\n]+/).filter((it) => it.trim() !== '') : []
    const list = typeof only === 'string' ? (this.#decoded(only) ?? (lines.length > 1 ? lines : null)) : null
    if (list === null) return this.#values.list(raw, 'policy-string')
    this.#log.add('encoded_list', 'policy-string', only as string)
    return this.#values.list(list, 'policy-string')
  }

  #decoded(text: string): unknown[] | null {
    if (!text.trim().startsWith('[')) return null
    try {
      const { root, hasTail } = parseJson(text, this.#limits)
      return Array.isArray(root) && !hasTail ? root : null
    } catch {
      return null // what it looks like it is not, so it stays the text that it is
    }
  }

  #mxHosts(policy: unknown): string[] {
    let raw = field(policy, 'mx-host')
    if (raw === undefined) {
      raw = field(policy, 'mx-host-pattern')
      if (raw !== undefined) this.#log.add('renamed', 'mx-host-pattern')
    }
    return this.#values.list(raw, 'mx-host').map((host) => {
      if (!/^mx:/i.test(host)) return host
      this.#log.add('prefixed_host', 'mx-host', host)
      return host.replace(/^mx:\s*/i, '')
    })
  }

  #details(raw: unknown): TlsFailureDetail[] {
    const list: readonly unknown[] = Array.isArray(raw) ? raw : raw === undefined || raw === null ? [] : [raw]
    if (isFields(raw)) this.#log.add('single_for_list', 'failure-details')
    if (!list.every(isFields)) this.#log.add('invalid_type', 'failure-details')
    return list.filter(isFields).map((it) => this.#detail(it))
  }

  #detail(detail: Fields): TlsFailureDetail {
    const values = this.#values
    return {
      resultType: values.word(detail, 'result-type', resultTypes),
      sendingMtaIp: values.address(detail, 'sending-mta-ip'),
      receivingMxHostname: values.clean(detail, 'receiving-mx-hostname')?.toLowerCase().replace(/\.$/, '') || null,
      receivingMxHelo: values.clean(detail, 'receiving-mx-helo'),
      receivingIp: values.address(detail, 'receiving-ip'),
      failedSessions: values.count(detail, 'failed-session-count', false),
      additionalInformation: values.clean(detail, 'additional-information'),
      failureReasonCode: values.clean(detail, 'failure-reason-code'),
    }
  }
}
