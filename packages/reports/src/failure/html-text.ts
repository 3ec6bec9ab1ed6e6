// A notice is a page; more is no notice.
const HTML_BYTES = 256 * 1024

const lineEnds = /<(?:br|\/(?:p|div|tr|li|h[1-6]|pre|table))\b[^<>]{0,500}>/gi
const named: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['nbsp', ' '],
])

/** The words of an HTML text, one character a byte, with a line for each block: enough for labelled lines, and nothing is loaded. */
export function textOfHtml(bytes: Uint8Array): Buffer {
  const html = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HTML_BYTES)).toString('latin1')
  const text = html
    .replaceAll(lineEnds, '\r\n')
    .replaceAll(/<[^<>]{0,2000}>/g, '')
    .replaceAll(/&([a-z]{2,4});/g, (raw, name: string) => named.get(name) ?? raw)
  return Buffer.from(text, 'latin1')
}
