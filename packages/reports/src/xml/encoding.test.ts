import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DecodingNotes, decodeXml } from './encoding.ts'

async function decode(...chunks: (Uint8Array | readonly number[])[]): Promise<{ text: string; notes: DecodingNotes }> {
  const notes: DecodingNotes = { invalidUtf8: false, unknownCharset: null }
  async function* bytes() {
    for (const chunk of chunks) yield Uint8Array.from(chunk)
  }
  let text = ''
  for await (const part of decodeXml(bytes(), notes)) text += part
  return { text, notes }
}
const utf8 = (text: string) => Buffer.from(text)

test('gives the same text however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 600 }), fc.array(fc.nat(2000), { maxLength: 8 }), async (text, cuts) => {
      const bytes = utf8(`<a>${text}</a>`)
      const places = [0, ...cuts.map((it) => it % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
      const { text: decoded, notes } = await decode(...places.slice(1).map((to, index) => bytes.subarray(places[index], to)))
      expect(decoded).toBe(`<a>${text}</a>`)
      expect(notes.invalidUtf8).toBe(false)
    }),
    { numRuns: 60, seed: 1 },
  )
})

test('drops a byte order mark', async () => {
  expect((await decode([0xef, 0xbb, 0xbf], utf8('<a/>'))).text).toBe('<a/>')
})

test('puts U+FFFD for bytes that are not UTF-8 and leaves the rest alone, however the bytes are cut', async () => {
  const { text, notes } = await decode(utf8('<a>é'), [0xe9, 0x20, 0x80, 0x93], utf8('ü</a>'))
  expect(text).toBe('<a>é\ufffd \ufffd\ufffdü</a>')
  expect(notes.invalidUtf8).toBe(true)
  const bytes = Buffer.from([0x61, 0xe2, 0x82, 0x62, 0xf0, 0x80, 0x80, 0xc3, 0xc3, 0xbc, 0xff])
  for (let at = 0; at <= bytes.length; at++) {
    expect((await decode(bytes.subarray(0, at), bytes.subarray(at))).text).toBe(bytes.toString('utf8'))
  }
})

test('notices a sequence that the end of the document cuts off', async () => {
  expect((await decode(utf8('<a>'), [0xc3])).notes.invalidUtf8).toBe(true)
})

test('follows the declared charset', async () => {
  const declared = utf8('<?xml version="1.0" encoding="ISO-8859-1"?><a>')
  const { text, notes } = await decode(declared, [0xe9, 0x93])
  expect(text.slice(-2)).toBe('é“')
  expect(notes.invalidUtf8).toBe(false)
  expect((await decode(utf8('<?xml version="1.0" encoding="koi8-r"?>'), [0xd2])).text.at(-1)).toBe('р')
})

test('reads UTF-8 under a charset that does not exist, and says so', async () => {
  const { text, notes } = await decode(utf8('<?xml version="1.0" encoding="x-none"?><a>é</a>'))
  expect(text).toContain('<a>é</a>')
  expect(notes.unknownCharset).toBe('x-none')
})

test('does not believe that a document of single bytes is UTF-16', async () => {
  expect((await decode(utf8('<?xml version="1.0" encoding="UTF-16"?><a>é</a>'))).text).toContain('<a>é</a>')
})

test('reads UTF-16 of either order, with a byte order mark and without', async () => {
  const little = Buffer.from('<a>é</a>', 'utf16le')
  const big = Buffer.from(little).swap16()
  expect((await decode([0xff, 0xfe], little)).text).toBe('<a>é</a>')
  expect((await decode([0xfe, 0xff], big)).text).toBe('<a>é</a>')
  expect((await decode(little)).text).toBe('<a>é</a>')
  expect((await decode(big)).text).toBe('<a>é</a>')
})

test('reads nothing as nothing', async () => {
  expect((await decode()).text).toBe('')
})
