import type { AggregateHead, AggregateRecord } from '../aggregate/types.ts'

/** What an aggregate report says, without what a reader derives from it. */
export interface AggregateContent {
  head: Pick<AggregateHead, 'orgName' | 'email' | 'extraContactInfo' | 'reportId' | 'begin' | 'end' | 'errors' | 'generator' | 'policy'>
  records: Iterable<GeneratedRecord>
}

export type GeneratedRecord = Omit<AggregateRecord, 'recomputed' | 'sourceText'>

/** How it is written down; every style means the same. */
export interface XmlStyle {
  dialect?: 'rfc7489' | 'rfc9990'
  /** Namespace prefix of all elements; needs the RFC 9990 namespace. */
  prefix?: string
  /** Indented lines, or all in one. */
  indent?: boolean
  declaration?: boolean
  cdata?: boolean
}

const NAMESPACE = 'urn:ietf:params:xml:ns:dmarc-2.0'

/** Writes a report as XML, some records at a time, so that one of any size can be written to a file. */
export function* writeAggregateChunks(content: AggregateContent, style: XmlStyle = {}): Generator<string> {
  const xml = new XmlWriter(style)
  const { head } = content
  const namespaced = style.dialect === 'rfc9990' || style.prefix !== undefined
  if (style.declaration !== false) xml.raw('<?xml version="1.0" encoding="UTF-8"?>')
  xml.open('feedback', namespaced ? ` xmlns${style.prefix === undefined ? '' : `:${style.prefix}`}="${NAMESPACE}"` : '')
  xml.text('version', '1.0')
  writeMetadata(xml, head)
  writePolicy(xml, head.policy)
  for (const record of content.records) {
    writeRecord(xml, record)
    if (xml.length > 32_768) yield xml.take()
  }
  xml.close('feedback')
  yield xml.take()
}

/** Writes a report as one string of XML. */
export function writeAggregate(content: AggregateContent, style: XmlStyle = {}): string {
  return [...writeAggregateChunks(content, style)].join('')
}

function writeMetadata(xml: XmlWriter, head: AggregateContent['head']): void {
  xml.open('report_metadata')
  xml.text('org_name', head.orgName)
  xml.text('email', head.email)
  xml.text('extra_contact_info', head.extraContactInfo)
  xml.text('report_id', head.reportId)
  xml.open('date_range')
  xml.text('begin', head.begin)
  xml.text('end', head.end)
  xml.close('date_range')
  for (const error of head.errors) xml.text('error', error)
  xml.text('generator', head.generator)
  xml.close('report_metadata')
}

function writePolicy(xml: XmlWriter, policy: AggregateHead['policy']): void {
  xml.open('policy_published')
  xml.text('domain', policy.domain)
  xml.text('discovery_method', policy.discoveryMethod)
  for (const name of ['adkim', 'aspf', 'p', 'sp', 'np', 'pct', 'fo', 'testing'] as const) xml.text(name, policy[name])
  xml.close('policy_published')
}

function writeRecord(xml: XmlWriter, record: GeneratedRecord): void {
  xml.open('record')
  xml.open('row')
  xml.text('source_ip', record.sourceIp)
  xml.text('count', record.count)
  xml.open('policy_evaluated')
  xml.text('disposition', record.disposition)
  xml.text('dkim', record.dkim)
  xml.text('spf', record.spf)
  for (const reason of record.reasons) {
    xml.open('reason')
    xml.text('type', reason.type)
    xml.text('comment', reason.comment)
    xml.close('reason')
  }
  xml.close('policy_evaluated')
  xml.close('row')
  xml.open('identifiers')
  xml.text('envelope_to', record.envelopeTo)
  xml.text('envelope_from', record.nullSender ? '' : record.envelopeFrom)
  xml.text('header_from', record.headerFrom)
  xml.close('identifiers')
  xml.open('auth_results')
  for (const { domain, selector, result, humanResult } of record.auth.dkim) {
    xml.open('dkim')
    xml.text('domain', domain)
    xml.text('selector', selector)
    xml.text('result', result)
    xml.text('human_result', humanResult)
    xml.close('dkim')
  }
  for (const { domain, scope, result, humanResult } of record.auth.spf) {
    xml.open('spf')
    xml.text('domain', domain)
    xml.text('scope', scope)
    xml.text('result', result)
    xml.text('human_result', humanResult)
    xml.close('spf')
  }
  xml.close('auth_results')
  xml.close('record')
}

class XmlWriter {
  readonly #prefix: string
  readonly #style: XmlStyle
  #parts: string[] = []
  #depth = 0
  length = 0

  constructor(style: XmlStyle) {
    this.#style = style
    this.#prefix = style.prefix === undefined ? '' : `${style.prefix}:`
  }

  open(name: string, attributes = ''): void {
    this.raw(`<${this.#prefix}${name}${attributes}>`)
    this.#depth++
  }

  close(name: string): void {
    this.#depth--
    this.raw(`</${this.#prefix}${name}>`)
  }

  /** An element with text; null leaves it out. */
  text(name: string, value: string | number | null): void {
    if (value !== null) this.raw(`<${this.#prefix}${name}>${this.#escape(String(value))}</${this.#prefix}${name}>`)
  }

  raw(markup: string): void {
    const line = this.#style.indent === false ? markup : `${'  '.repeat(this.#depth)}${markup}\n`
    this.length += line.length
    this.#parts.push(line)
  }

  take(): string {
    const text = this.#parts.join('')
    this.#parts = []
    this.length = 0
    return text
  }

  #escape(text: string): string {
    if (this.#style.cdata && text !== '' && !text.includes(']]>')) return `<![CDATA[${text}]]>`
    return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  }
}
