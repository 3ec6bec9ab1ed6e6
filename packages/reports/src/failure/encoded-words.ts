/**
 * Decodes the encoded words (RFC 2047) of a header. A word of an unknown charset stays as it is written; bytes that do not fit their
 * charset become U+FFFD. Words that touch other text, which the RFC forbids, are set apart by a blank.
 */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text
  let decoded = ''
  let end = 0
  let last: Word | null = null
  for (const match of text.matchAll(/=\?([\w.:-]{1,60})(?:\*[\w-]{0,20})?\?([bq])\?([^?\r\n]{0,10000})\?=/gi)) {
    const between = text.slice(end, match.index)
    if (/^b$/i.test(match[2] ?? '') && !base64.test(match[3] ?? '')) continue
    const word: Word = { charset: (match[1] ?? '').toLowerCase(), bytes: bytesOf(match[2] ?? '', match[3] ?? ''), raw: match[0] }
    end = match.index + match[0].length
    // White space between two words is folding and no text; a character may be cut in two by it.
    if (last !== null && between.trim() === '') {
      if (last.charset === word.charset)
        last = { ...word, bytes: Buffer.concat([last.bytes, word.bytes]), raw: `${last.raw}${between}${word.raw}` }
      else {
        decoded += textOf(last)
        last = word
      }
      continue
    }
    if (last !== null) decoded += textOf(last) + (startsApart(between) ? '' : ' ')
    decoded += between + (between === '' || endsApart(between) ? '' : ' ')
    last = word
  }
  const rest = text.slice(end)
  if (last !== null) decoded += textOf(last) + (rest === '' || startsApart(rest) ? '' : ' ')
  return decoded + rest
}

interface Word {
  charset: string
  bytes: Buffer
  raw: string
}

const startsApart = (text: string) => /^[\s()\\]/.test(text)
const endsApart = (text: string) => /[\s()\\]$/.test(text)

function bytesOf(encoding: string, text: string): Buffer {
  if (encoding.toLowerCase() === 'b') return Buffer.from(text, 'base64')
  const plain = text.replaceAll('_', ' ').replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(plain, 'latin1')
}

// What is no base64 was not meant as an encoded word.
const base64 = /^[A-Za-z0-9+/]*={0,2}$/

function textOf({ charset, bytes, raw }: Word): string {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return raw // a charset that nobody knows
  }
}
