import type { Readable } from 'node:stream'
import { domainToASCII } from 'node:url'
import { MailParser } from 'mailparser'
import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'

/** A mail taken apart: the bodies of its parts with transfer encodings undone. A message in a message is one body, its headers included. */
export interface OpenedMail {
  leaves: readonly Leaf[]
  header: MailHeader
  /** True when the boundary of its parts had to be looked for, because the Content-Type was broken. */
  isRepaired: boolean
}

export interface Leaf {
  bytes: Uint8Array
  /** Declared media type in lower case: a hint, and wrong often enough. */
  type: string
  charset: string | null
  /** As declared, decoded: a hint, and hostile text. */
  fileName: string | null
  /** Number of the multipart that it stands in, as IMAP numbers parts: `1` for part 1.2, empty at the top. */
  parent: string
}

/** What the header of a mail says, as far as reading needs it. All of it is hostile text. */
export interface MailHeader {
  /** The header block as it came. */
  bytes: Uint8Array
  /** Domain of the From address in lower case, null without one. */
  senderDomain: string | null
  /** `TLS-Report-Domain` (RFC 8460 5.3): the domain that an SMTP TLS report says it is about. Null without one. */
  tlsReportDomain: string | null
  subject: string
  /** The From header as text, name and address. */
  from: string
  /** `report-type` of a multipart/report in lower case, empty when it is none. */
  reportType: string
  /** `Auto-Submitted` (RFC 3834) in lower case, empty without it. */
  autoSubmitted: string
  /** True for mail that a vacation program wrote, by the fields that such programs used before RFC 3834. */
  isAutoReply: boolean
}

interface MimeNode {
  multipart: string | false
  contentType: string | false
  parseHeaders(): void
}

/**
 * mailparser treats text bodies apart: it decodes their charset and joins them, which ruins a gzip labelled text/plain (row 3).
 * With no type counted as text every leaf, the root too, comes out as bytes; and a message in a message comes out as one leaf, so that
 * the sample of a failure report is told from what was sent to us.
 */
class LeafParser extends MailParser {
  declare textTypes: string[]
  declare splitter: { newNode(parent?: unknown): void; node: MimeNode }
  isRepaired = false

  constructor(bytes: Uint8Array, limits: Limits) {
    const embedded = { ignoreEmbedded: true } as object
    super({ checksumAlgo: false, maxHeadSize: limits.headerBytes, maxChildNodes: limits.mailParts, ...embedded })
    this.textTypes = []
    const { splitter } = this
    afterHeaders(splitter.node, (root) => this.#findBoundary(root, bytes))
    const newNode = splitter.newNode.bind(splitter)
    splitter.newNode = (parent) => {
      newNode(parent)
      afterHeaders(splitter.node, takeMislabelledLeaf)
    }
  }

  /** Microsoft sent a Content-Type that was folded without the white space (parsedmarc #561): the boundary stands on a line of its own. */
  #findBoundary(root: MimeNode, bytes: Uint8Array): void {
    if (root.multipart === false || hasBoundary(root)) return
    const header = Buffer.from(headerBlock(bytes)).toString('latin1')
    const boundary = /^[ \t]*(?:[\w-]{1,40}=[^;\r\n]{0,100};[ \t]*)?boundary="?([^"\r\n;]{1,200})/im.exec(header)?.[1]
    if (boundary === undefined) return
    Reflect.set(root, '_boundary', Buffer.from(boundary, 'latin1'))
    this.isRepaired = true
  }
}

const hasBoundary = (node: MimeNode): boolean => Boolean(Reflect.get(node, '_boundary'))

function afterHeaders(node: MimeNode, act: (node: MimeNode) => void): void {
  const parseHeaders = node.parseHeaders.bind(node)
  node.parseHeaders = () => {
    parseHeaders()
    act(node)
  }
}

/** An attachment labelled multipart/alternative, as rspamd 1.6 sent them (row 4), has no boundary and so no parts: it is a leaf. */
function takeMislabelledLeaf(node: MimeNode): void {
  if (node.multipart === false || hasBoundary(node)) return
  node.multipart = false
  node.contentType = 'application/octet-stream'
}

/** Takes a mail apart. Its size was limited before. Throws a ReportError when it has too many parts or too long headers. */
export async function openMail(bytes: Uint8Array, limits: Limits): Promise<OpenedMail> {
  const parser = new LeafParser(bytes, limits)
  const leaves: Leaf[] = []
  // A part whose mail turned out to have too many of them would never end.
  let body: Readable | null = null
  parser.on('error', (error) => body?.destroy(error))
  parser.end(bytes)
  try {
    for await (const item of parser) {
      if (item.type !== 'attachment') continue
      const chunks: Uint8Array[] = []
      body = item.content as Readable
      for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk)
      const { contentType, partId, headers, filename } = item
      item.release()
      leaves.push({
        bytes: Buffer.concat(chunks),
        // The parser says false where a Content-Type is no type at all.
        type: ((contentType as string | false) || '').toLowerCase(),
        charset: parameter(headers, 'charset') || null,
        fileName: filename ?? null,
        parent: (partId ?? '').split('.').slice(0, -1).join('.'),
      })
    }
  } catch (error) {
    if (!isTooLong(error)) throw error
    const limit = error.message.includes('header') ? 'headerBytes' : 'mailParts'
    throw new ReportError({
      code: 'limit',
      message: limit === 'mailParts' ? `The mail has more than ${limits.mailParts} parts.` : 'The headers of the mail are too long.',
      limit: { name: limit, value: limits[limit] },
    })
  }
  return { leaves, header: readHeader(parser, bytes), isRepaired: parser.isRepaired }
}

function readHeader(parser: LeafParser, bytes: Uint8Array): MailHeader {
  const headers: ReadonlyMap<string, unknown> = parser.headers || new Map<string, unknown>()
  const text = (name: string) => {
    const value = headers.get(name)
    return typeof value === 'string' ? value.trim() : ''
  }
  return {
    bytes: headerBlock(bytes),
    senderDomain: senderDomain(parser.from?.value[0]?.address),
    tlsReportDomain: text('tls-report-domain') || null,
    subject: text('subject'),
    from: parser.from?.text ?? '',
    reportType: parameter(headers, 'report-type').toLowerCase(),
    autoSubmitted: text('auto-submitted').toLowerCase(),
    isAutoReply:
      ['x-autoreply', 'x-autorespond', 'x-auto-reply'].some((it) => headers.has(it)) || /^auto_?reply$/i.test(text('precedence')),
  }
}

/** mailparser turns A-labels into Unicode, which would make two reporters of one. */
function senderDomain(address: string | undefined): string | null {
  const domain = address?.split('@').at(-1)?.toLowerCase() ?? ''
  const name = domainToASCII(domain) || domain
  // RFC 1035 2.3.4
  return name === '' || name.length > 253 ? null : name
}

/** A parameter of the Content-Type, empty without it. */
function parameter(headers: ReadonlyMap<string, unknown>, name: string): string {
  const type = headers.get('content-type')
  const params: unknown = typeof type === 'object' && type !== null && 'params' in type ? type.params : null
  const value: unknown = typeof params === 'object' && params !== null && Object.hasOwn(params, name) ? Reflect.get(params, name) : null
  return typeof value === 'string' ? value : ''
}

function headerBlock(bytes: Uint8Array): Uint8Array {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const ends = [all.indexOf('\n\r\n'), all.indexOf('\n\n')].filter((it) => it >= 0)
  return ends.length === 0 ? all : all.subarray(0, Math.min(...ends) + 1)
}

function isTooLong(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'EMAXLEN'
}
