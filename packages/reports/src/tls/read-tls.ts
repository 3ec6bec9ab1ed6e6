import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { cutText, ValueReader } from '../aggregate/values.ts'
import { WarningLog } from '../aggregate/warning-log.ts'
import type { Limits } from '../limits.ts'
import { type ReadEvent, ReportError } from '../report.ts'
import type { FoundDocument } from '../unpack/unpack.ts'
import { collect } from '../unpack/budget.ts'
import { decodeXml } from '../xml/encoding.ts'
import { parseJson } from './json-text.ts'
import type { TlsFailureDetail, TlsPolicy } from './types.ts'

/** Reads one SMTP TLS report (RFC 8460). Throws a ReportError when it cannot be used. */
export async function* readTls(document: FoundDocument, limits: Limits): AsyncGenerator<ReadEvent> {
  const bytes = await collect(document.source, limits, 'jsonBytes')
  const notes = { invalidUtf8: false, unknownCharset: null }
  let text = ''
  for await (const piece of decodeXml(Readable.from([bytes]), notes)) text += piece
  const { root, hasTail } = parseJson(text, limits)
  const log = new WarningLog(limits)
  if (notes.invalidUtf8) log.add('invalid_utf8', '')
  if (hasTail) log.add('data_after_document', '')
  if (Array.isArray(root)) {
    if (root.length > 1) throw new ReportError({ code: 'several_documents', message: 'The file holds several reports in one JSON array.' })
    log.add('array_root', '')
  }
  const report = (Array.isArray(root) ? root[0] : root) as unknown
  if (!isFields(report)) throw new ReportError({ code: 'wrong_root', message: 'It is JSON, but no report.' })
  const reader = new TlsReader(limits, log, document.tlsReportDomain)
  const range = field(report, 'date-range')
  const period = { begin: timeOf(range, 'start-datetime'), end: timeOf(range, 'end-datetime') }
  if (period.begin > period.end) throw noPeriod()
  const organization = reader.text(report, 'organization-name')
  const contact = reader.text(report, 'contact-info')
  const policies = reader.policies(field(report, 'policies'))
  const reportId = reader.text(report, 'report-id')
  for (const code of document.warnings()) log.add(code, '')
  yield {
    type: 'tls',
    part: document.part,
    report: {
      kind: 'tls',
      organization,
      contact,
      reportId,
      ...period,
      policies,
      reporter: (organization ?? contact?.split('@').at(-1) ?? document.senderDomain ?? '')
        .toLowerCase()
        .replaceAll(/[\p{Cc}\s]+/gu, ' ')
        .trim(),
      contentHash: createHash('sha256').update(bytes).digest('hex'),
      jsonBytes: bytes.length,
      warnings: log.list(),
    },
  }
}

type Fields = Readonly<Record<string, unknown>>
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const field = (value: unknown, name: string): unknown => (isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined)

function noPeriod(): ReportError {
  return new ReportError({ code: 'no_period', message: 'The report has no usable period.', where: 'date-range' })
}

/** RFC 3339; without a zone it is UTC (Microsoft). A date alone is its midnight. */
function timeOf(range: unknown, name: string): number {
  const raw = field(range, name)
  const match =
    typeof raw === 'string' ? /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d:\d\d)(?:\.\d{1,20})?([Zz]|[+-]\d\d:\d\d)?)?$/.exec(raw.trim()) : null
  const time = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2] ?? '00:00:00'}${(match[3] ?? 'Z').toUpperCase()}`)
  if (Number.isNaN(time) || time < 0) throw noPeriod()
  return time / 1000
}

class TlsReader {
  readonly #limits: Limits
  readonly #log: WarningLog
  readonly #values: ValueReader
  readonly #mailDomain: string | null
  #sum = 0

  constructor(limits: Limits, log: WarningLog, mailDomain: string | null) {
    this.#limits = limits
    this.#log = log
    this.#values = new ValueReader(limits, log)
    this.#mailDomain = mailDomain
  }

  /** Text as reported, control characters and all: a report id that differs in one is another id. No half surrogates. */
  text(from: unknown, name: string): string | null {
    const raw = field(from, name)
    if (raw === undefined || raw === null) return null
    if (typeof raw !== 'string' && typeof raw !== 'number') {
      this.#log.add('invalid_type', name)
      return null
    }
    const text = String(raw)
      .replaceAll(/\p{Cs}/gu, '\ufffd')
      .trim()
    if (text.length > this.#limits.textChars) this.#log.add('text_cut', name, text)
    return cutText(text, this.#limits.textChars) || null
  }

  /** Like `text`, without control characters. */
  clean(from: unknown, name: string): string | null {
    return (
      this.text(from, name)
        ?.replaceAll(/\p{Cc}/gu, '')
        .trim() || null
    )
  }

  list(raw: unknown, name: string): string[] {
    const items = (Array.isArray(raw) ? raw : [raw]).filter((it): it is string => typeof it === 'string')
    if (items.length > this.#limits.listItems) this.#log.add('list_cut', name)
    return items.slice(0, this.#limits.listItems).flatMap((it) => this.clean({ [name]: it }, name) ?? [])
  }

  /** Sessions: whole numbers, as text too. A count that is none, or would make sums inexact, is void. */
  count(from: unknown, name: string, summed: boolean): number {
    const raw = field(from, name)
    if (raw === Infinity || raw === -Infinity) {
      throw new ReportError({ code: 'not_well_formed', message: 'A number of the report is too large to be one.', where: name })
    }
    const value = typeof raw === 'string' ? (this.#values.integer(raw.trim()) ?? -1) : typeof raw === 'number' ? raw : -1
    if (!Number.isSafeInteger(value) || value < 0 || (summed && this.#sum + value > Number.MAX_SAFE_INTEGER)) {
      this.#log.add(raw === undefined || raw === null ? 'missing' : 'invalid_count', name, raw === undefined ? null : JSON.stringify(raw))
      return 0
    }
    if (summed) this.#sum += value
    return value
  }

  policies(raw: unknown): TlsPolicy[] {
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
    const details = field(entry, 'failure-details')
    const list: readonly unknown[] = Array.isArray(details) ? details : isFields(details) ? [details] : []
    const policyType = this.clean(policy, 'policy-type')?.toLowerCase() ?? 'unknown'
    const mxHosts = this.list(field(policy, 'mx-host') ?? field(policy, 'mx-host-pattern'), 'mx-host')
    const policyDomainText = this.#values.unicodeDomain(this.clean(policy, 'policy-domain') ?? '', 'policy-domain')
    return {
      policyType,
      policyDomain: this.#domain(policy, policyType),
      ...(policyDomainText === null ? {} : { policyDomainText }),
      policyStrings: this.list(this.#decoded(field(policy, 'policy-string')), 'policy-string'),
      mxHosts: mxHosts.map((it) => it.replace(/^mx:\s*/i, '')),
      successful: this.count(summary, 'total-successful-session-count', true),
      failed: this.count(summary, 'total-failure-session-count', true),
      failureDetails: list.filter(isFields).map((it) => this.#detail(it)),
    }
  }

  /** Postfix leaves it out without a policy: the mail says it. For tlsa it is an MX host, which the mail does not say. */
  #domain(policy: unknown, policyType: string): string | null {
    const reported = this.#values.domain(this.clean(policy, 'policy-domain') ?? '', 'policy-domain')
    if (reported !== null || policyType === 'tlsa' || this.#mailDomain === null) return reported
    this.#log.add('derived', 'policy-domain', this.#mailDomain)
    return this.#values.domain(this.#mailDomain, 'policy-domain')
  }

  /** Microsoft puts a JSON array into one string. */
  #decoded(raw: unknown): unknown {
    const only: unknown = Array.isArray(raw) && raw.length === 1 ? raw[0] : raw
    if (typeof only !== 'string' || !only.trim().startsWith('[')) return raw
    try {
      return parseJson(only, this.#limits).root
    } catch {
      return raw // what it looks like it is not, so it stays the text that it is
    }
  }

  #detail(detail: Fields): TlsFailureDetail {
    return {
      resultType: this.clean(detail, 'result-type')?.toLowerCase() ?? 'unknown',
      sendingMtaIp: this.#values.address(this.clean(detail, 'sending-mta-ip') ?? ''),
      receivingMxHostname: this.clean(detail, 'receiving-mx-hostname')?.toLowerCase().replace(/\.$/, '') || null,
      receivingMxHelo: this.clean(detail, 'receiving-mx-helo'),
      receivingIp: this.#values.address(this.clean(detail, 'receiving-ip') ?? ''),
      failedSessions: this.count(detail, 'failed-session-count', false),
      additionalInformation: this.clean(detail, 'additional-information'),
      failureReasonCode: this.clean(detail, 'failure-reason-code'),
    }
  }
}
