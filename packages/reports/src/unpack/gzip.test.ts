import { randomBytes } from 'node:crypto'
import { deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ReportError } from '../report.ts'
import { ChunkReader } from './chunk-reader.ts'
import { gunzip } from './gzip.ts'
import { inflate } from './inflate.ts'

async function* inSlices(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function unpack(bytes: Uint8Array, size = 64 * 1024) {
  const notes: string[] = []
  const chunks: Uint8Array[] = []
  for await (const chunk of gunzip(inSlices(bytes, size), (code) => notes.push(code))) chunks.push(chunk)
  return { content: Buffer.concat(chunks), notes }
}
const refused = async (bytes: Uint8Array) => {
  const error = await unpack(bytes).then(
    () => new Error('it was taken'),
    (reason: unknown) => reason,
  )
  if (error instanceof ReportError) return error.reason.code
  throw error
}
const text = Buffer.from('<feedback/>'.repeat(50_000))

test('gives back what was packed, however the bytes come', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.integer({ min: 1, max: 300 }), async (bytes, size) => {
      const { content, notes } = await unpack(gzipSync(bytes), size)
      expect(content.equals(bytes)).toBe(true)
      expect(notes).toEqual([])
    }),
    { numRuns: 50, seed: 1 },
  )
})

test('gives back what does not get smaller', async () => {
  const bytes = randomBytes(500_000)
  expect((await unpack(gzipSync(bytes), 1000)).content.equals(bytes)).toBe(true)
})

describe('after the stream', () => {
  // Mimecast sends an extra line end; Node's own gunzip gives nothing at all then.
  test.each([1, 7, 64 * 1024])('stray bytes are noted and no more, in slices of %d', async (size) => {
    const packed = Buffer.concat([gzipSync(text), Buffer.from('\r\n')])
    const { content, notes } = await unpack(packed, size)
    expect(content.equals(text)).toBe(true)
    expect(notes).toEqual(['data_after_gzip'])
  })

  test('a further member belongs to the content', async () => {
    const { content, notes } = await unpack(Buffer.concat([gzipSync('<feed'), gzipSync('back/>')]), 5)
    expect(content.toString()).toBe('<feedback/>')
    expect(notes).toEqual([])
  })

  test('a wrong or missing checksum is noted and no more', async () => {
    const wrong = gzipSync(text)
    wrong.writeUInt32LE(1, wrong.length - 8)
    expect((await unpack(wrong)).notes).toEqual(['gzip_checksum'])
    const missing = gzipSync(text).subarray(0, -8)
    const { content, notes } = await unpack(missing)
    expect(notes).toEqual(['gzip_checksum'])
    expect(content.equals(text)).toBe(true)
  })
})

test('reads a header with every optional field', async () => {
  const plain = gzipSync('content')
  const header = Buffer.from(plain.subarray(0, 10))
  header[3] = 2 | 4 | 8 | 16
  const fields = [Buffer.from([3, 0, 1, 2, 3]), Buffer.from('name.xml\0'), Buffer.from('comment\0'), Buffer.from([9, 9])]
  const { content } = await unpack(Buffer.concat([header, ...fields, plain.subarray(10)]), 3)
  expect(content.toString()).toBe('content')
})

describe('refuses', () => {
  test('data that is cut off anywhere inside', async () => {
    const packed = gzipSync(randomBytes(2000))
    for (const length of [3, 9, 10, 11, 500, packed.length - 9]) expect(await refused(packed.subarray(0, length))).toBe('truncated')
  })

  test('damaged data', async () => {
    const packed = gzipSync(randomBytes(5000))
    packed[10] = 0xff
    expect(await refused(packed)).toBe('bad_gzip')
  })

  test('a name that does not end', async () => {
    const header = Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3])
    expect(await refused(Buffer.concat([header, Buffer.alloc(200_000, 'x')]))).toBe('bad_gzip')
    expect(await refused(Buffer.concat([header, Buffer.alloc(100, 'x')]))).toBe('truncated')
  })
})

test('stops reading its source when nobody wants more', async () => {
  let open = true
  async function* source() {
    try {
      yield* inSlices(gzipSync(randomBytes(1_000_000)), 1000)
    } finally {
      open = false
    }
  }
  for await (const _ of gunzip(source(), () => {})) break
  expect(open).toBe(false)
})

test('a failing source fails the reading with its own error', async () => {
  async function* source() {
    yield gzipSync(randomBytes(100_000)).subarray(0, 50_000)
    throw new Error('disk on fire')
  }
  await expect(async () => {
    for await (const _ of gunzip(source(), () => {}));
  }).rejects.toThrow('disk on fire')
})

test('a bare zlib stream is inflated too', async () => {
  const chunks: Uint8Array[] = []
  for await (const chunk of inflate(new ChunkReader(inSlices(deflateSync(text), 100)), 'zlib')) chunks.push(chunk)
  expect(Buffer.concat(chunks).equals(text)).toBe(true)
})
