import { gzipSync } from 'node:zlib'
import { writeMail } from '../src/generate/failure-mail.ts'
import { writeReportMail, wrappings } from '../src/generate/mail.ts'
import type { SeededRandom } from '../src/generate/random.ts'
import { writeZip } from '../src/generate/zip-file.ts'
import { tokens } from './tokens.ts'

/** An input to begin with, whole. */
export interface Seed {
  name: string
  bytes: Uint8Array
}

export interface Mutated {
  bytes: Uint8Array
  /** What was done, for a person who looks for the cause. */
  story: string[]
}

type Change = (bytes: Uint8Array, random: SeededRandom, seeds: readonly [Seed, ...Seed[]]) => Uint8Array

/** Changes a seed in one to four ways, packs what came out as often as not, and sometimes changes the packing too. */
export function mutate(seeds: readonly [Seed, ...Seed[]], random: SeededRandom): Mutated {
  const seed = random.pick(seeds)
  const story = [seed.name]
  let bytes = seed.bytes
  const apply = (list: readonly [Named, ...Named[]], times: number) => {
    for (let left = times; left > 0; left--) {
      const [name, change] = random.pick(list)
      bytes = change(bytes, random, seeds)
      story.push(name)
    }
  }
  apply(changes, random.between(1, 4))
  if (random.chance(0.004)) apply(bombs, 1)
  if (random.chance(0.4)) {
    apply(packings, random.chance(0.1) ? random.between(2, 4) : 1)
    if (random.chance(0.2)) apply(changes, 1)
  }
  return { bytes, story }
}

type Named = readonly [string, Change]

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

/** A stretch of the input: short as a rule, anything up to all of it now and then. */
function stretch(bytes: Uint8Array, random: SeededRandom): [number, number] {
  const start = random.between(0, bytes.length)
  const length = random.chance(0.7) ? random.between(1, 40) : random.between(1, Math.max(1, bytes.length - start))
  return [start, Math.min(bytes.length, start + length)]
}

const put = (bytes: Uint8Array, at: number, what: Uint8Array, until = at): Uint8Array =>
  Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(until)])

const flip: Change = (bytes, random) => {
  const copy = Buffer.from(bytes)
  for (let left = random.between(1, 8); left > 0 && copy.length > 0; left--) {
    const at = random.between(0, copy.length - 1)
    copy[at] = (copy[at] ?? 0) ^ (1 << random.between(0, 7))
  }
  return copy
}

const overwrite: Change = (bytes, random) => {
  const [start, end] = stretch(bytes, random)
  return put(bytes, start, Buffer.from(Array.from({ length: Math.min(end - start, 64) }, () => random.between(0, 255))), end)
}

const insert: Change = (bytes, random) => put(bytes, random.between(0, bytes.length), Buffer.from(random.pick(tokens), 'latin1'))

const cut: Change = (bytes, random) => {
  const [start, end] = stretch(bytes, random)
  return put(bytes, start, Buffer.alloc(0), end)
}

const cutEnd: Change = (bytes, random) => bytes.subarray(0, random.between(0, bytes.length))

const duplicate: Change = (bytes, random) => {
  const [start, end] = stretch(bytes, random)
  const piece = bytes.subarray(start, end)
  return put(
    bytes,
    end,
    Buffer.concat(Array.from({ length: random.chance(0.9) ? 1 : random.between(2, 200) }, () => piece).slice(0, MANY / piece.length)),
  )
}

const MANY = 200_000

const splice: Change = (bytes, random, seeds) => {
  const other = random.pick(seeds).bytes
  const [start, end] = stretch(other, random)
  return put(bytes, random.between(0, bytes.length), other.subarray(start, end), random.between(0, bytes.length))
}

const token = /<\/?[\w:.-]{1,40}|"[^"\r\n]{0,60}"|[\w-]{2,40}(?=:)|>[^<>\r\n]{1,60}(?=<)|\d{2,20}/g

/** Puts one word of the input in place of another: names of elements, keys, fields, values. */
const swapTokens: Change = (bytes, random) => {
  const text = latin1(bytes.subarray(0, 64 * 1024))
  const found = [...text.matchAll(token)]
  const [first] = found
  if (first === undefined) return bytes
  const one = random.pick([first, ...found])
  const other = random.chance(0.7) ? random.pick([first, ...found])[0] : random.pick(tokens)
  return put(bytes, one.index, Buffer.from(other, 'latin1'), one.index + one[0].length)
}

const transcode: Change = (bytes, random) => {
  const text = Buffer.from(bytes).toString('utf8')
  const utf16 = Buffer.from(random.chance(0.5) ? `\ufeff${text}` : text, 'utf16le')
  return random.chance(0.5) ? utf16 : utf16.swap16()
}

/** A long stretch of one thing: what limits are for. */
const bomb: Change = (bytes, random) => {
  const piece = Buffer.from(random.pick(tokens), 'latin1')
  const long = Buffer.alloc(random.between(1, 4) * 1024 * 1024, piece)
  return put(bytes, random.between(0, bytes.length), long)
}

const smallBomb: Change = (bytes, random) =>
  put(bytes, random.between(0, bytes.length), Buffer.alloc(random.between(1000, 70_000), Buffer.from(random.pick(tokens), 'latin1')))

const changes: readonly [Named, ...Named[]] = [
  ['flip', flip],
  ['overwrite', overwrite],
  ['insert', insert],
  ['insert', insert],
  ['cut', cut],
  ['cut end', cutEnd],
  ['duplicate', duplicate],
  ['splice', splice],
  ['swap tokens', swapTokens],
  ['swap tokens', swapTokens],
  ['swap tokens', swapTokens],
  ['repeat a token', (bytes, random, seeds) => (random.chance(0.2) ? smallBomb : insert)(bytes, random, seeds)],
  ['transcode', (bytes, random, seeds) => (random.chance(0.2) ? transcode : flip)(bytes, random, seeds)],
]

const bombs: readonly [Named, ...Named[]] = [['bomb', bomb]]

const mailOptions = { reporter: 'mx.example', policyDomain: 'example.com', reportId: '1', begin: 1, end: 2 }
const shown =
  (type: string): Change =>
  (bytes) => {
    // A boundary of its own for each depth would take a count; the length of the content does as well.
    const boundary = `b${bytes.length}`
    return writeMail([{ type, content: bytes, encoding: 'base64' }], { type: 'multipart/mixed', boundary })
  }

const packings: readonly [Named, ...Named[]] = [
  ['gzip', (bytes) => gzipSync(bytes, { level: 1 })],
  ['zip', (bytes) => writeZip([{ name: 'a', bytes }])],
  [
    'zip of several',
    (bytes, random, seeds) => writeZip([bytes, random.pick(seeds).bytes, bytes].map((it) => ({ name: '../a/', bytes: it }))),
  ],
  ['mail', (bytes, random) => writeReportMail(bytes, { ...mailOptions, wrapping: random.pick(wrappings) })],
  ['mail', (bytes, random) => writeReportMail(bytes, { ...mailOptions, wrapping: random.pick(wrappings), format: 'json' })],
  ['message/rfc822', shown('message/rfc822')],
  ['message/feedback-report', shown('message/feedback-report')],
]
