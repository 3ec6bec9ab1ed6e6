import { Readable } from 'node:stream'
import { MailParser } from 'mailparser'
import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'
import { fromBytes } from '../source.ts'

/** The bodies of a mail, those of forwarded messages inside it included, with transfer encodings undone. */
export interface OpenedMail {
  leaves: readonly Leaf[]
  /** Domain of the From address in lower case, null without one. */
  senderDomain: string | null
  /** `TLS-Report-Domain` (RFC 8460 5.3): the domain that an SMTP TLS report says it is about. Null without one. */
  tlsReportDomain: string | null
}

export interface Leaf {
  bytes: Uint8Array
  /** As declared, decoded: a hint, and hostile text. */
  fileName: string | null
}

/**
 * mailparser treats text bodies apart: it decodes their charset and joins them, which ruins a gzip labelled text/plain (row 3).
 * With no type counted as text every leaf, the root too, comes out as bytes.
 */
class LeafParser extends MailParser {
  declare textTypes: string[]

  constructor(limits: Limits) {
    super({ checksumAlgo: false, maxHeadSize: limits.headerBytes, maxChildNodes: limits.mailParts })
    this.textTypes = []
  }
}

/** Takes a mail apart. Its size was limited before. Throws a ReportError when it has too many parts or too long headers. */
export async function openMail(bytes: Uint8Array, limits: Limits): Promise<OpenedMail> {
  const parser = new LeafParser(limits)
  const leaves: Leaf[] = []
  Readable.from(fromBytes(bytes).open()).pipe(parser)
  try {
    for await (const item of parser) {
      if (item.type !== 'attachment') continue
      const chunks: Uint8Array[] = []
      for await (const chunk of item.content) chunks.push(chunk)
      item.release()
      leaves.push({ bytes: Buffer.concat(chunks), fileName: item.filename ?? null })
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
  const address = parser.from?.value[0]?.address
  const tlsReportDomain: unknown = parser.headers ? parser.headers.get('tls-report-domain') : null
  return {
    leaves,
    senderDomain: address?.split('@').at(-1)?.toLowerCase() || null,
    tlsReportDomain: typeof tlsReportDomain === 'string' ? tlsReportDomain : null,
  }
}

function isTooLong(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'EMAXLEN'
}
