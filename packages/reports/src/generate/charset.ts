import { Buffer } from 'node:buffer'

/** The ways in which a document in XML or JSON may be written down as bytes; all are told apart by the bytes (rows 24 to 26). */
export const charsets = ['utf-8', 'utf-8-bom', 'utf-16le', 'utf-16be', 'utf-16le-bare', 'blank-lines'] as const
export type Charset = (typeof charsets)[number]

/** Writes a document in this charset. The XML declaration, if any, must not name another one. */
export function encodeDocument(text: string, charset: Charset): Buffer {
  switch (charset) {
    case 'utf-8-bom':
      return Buffer.from(`\ufeff${text}`)
    case 'utf-16le':
      return Buffer.from(`\ufeff${text}`, 'utf16le')
    case 'utf-16be':
      return Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
    case 'utf-16le-bare':
      return Buffer.from(text, 'utf16le')
    case 'blank-lines':
      return Buffer.from(`\r\n\n  ${text}\n\n`)
    default:
      return Buffer.from(text)
  }
}
