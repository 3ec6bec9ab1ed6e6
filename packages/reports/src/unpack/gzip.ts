import { crc32 } from 'node:zlib'
import { ReportError } from '../report.ts'
import { ChunkReader } from './chunk-reader.ts'
import { inflate } from './inflate.ts'

const FHCRC = 2
const FEXTRA = 4
const FNAME = 8
const FCOMMENT = 16
// A file name in the header; there is no bound in RFC 1952.
const HEADER_TEXT_BYTES = 64 * 1024

/**
 * Unpacks gzip (RFC 1952) as it comes. Node's own gunzip gives nothing at all when stray bytes follow the stream, as in
 * Mimecast's reports (row 15); so the header is read here, the deflate stream is inflated, and what follows is looked at after.
 * `note` gets a warning code for a wrong checksum or length and for stray bytes. Throws a ReportError for cut or damaged data.
 */
export async function* gunzip(bytes: AsyncIterable<Uint8Array>, note: (code: string) => void): AsyncGenerator<Uint8Array> {
  const reader = new ChunkReader(bytes)
  try {
    await skipHeader(reader)
    for (;;) {
      let crc = 0
      let length = 0
      for await (const chunk of inflate(reader, 'raw')) {
        crc = crc32(chunk, crc)
        length = (length + chunk.length) >>> 0
        yield chunk
      }
      const trailer = Buffer.from(await reader.take(8))
      if (trailer.length < 8 || trailer.readUInt32LE(0) !== crc || trailer.readUInt32LE(4) !== length) note('gzip_checksum')
      if (!(await followsMember(reader))) {
        if ((await reader.next()) !== null) note('data_after_gzip')
        return
      }
      await skipHeader(reader)
    }
  } finally {
    await reader.close()
  }
}

async function followsMember(reader: ChunkReader): Promise<boolean> {
  const start = await reader.take(3)
  reader.unread(start)
  return start[0] === 0x1f && start[1] === 0x8b && start[2] === 8
}

async function skipHeader(reader: ChunkReader): Promise<void> {
  const fixed = await reader.take(10)
  const flags = fixed[3] ?? 0
  if (fixed.length < 10) throw new ReportError({ code: 'truncated', message: 'The gzip header ends too early.' })
  if (fixed[0] !== 0x1f || fixed[1] !== 0x8b || fixed[2] !== 8) {
    throw new ReportError({ code: 'bad_gzip', message: 'The gzip header is damaged.' })
  }
  if (flags & FEXTRA) {
    const size = await reader.take(2)
    await reader.take((size[0] ?? 0) + 256 * (size[1] ?? 0))
  }
  if (flags & FNAME) await skipText(reader)
  if (flags & FCOMMENT) await skipText(reader)
  if (flags & FHCRC) await reader.take(2)
}

async function skipText(reader: ChunkReader): Promise<void> {
  let skipped = 0
  for (;;) {
    const chunk = await reader.next()
    if (chunk === null) throw new ReportError({ code: 'truncated', message: 'The gzip header ends too early.' })
    const end = chunk.indexOf(0)
    if (end >= 0) return reader.unread(chunk.subarray(end + 1))
    skipped += chunk.length
    if (skipped > HEADER_TEXT_BYTES) throw new ReportError({ code: 'bad_gzip', message: 'The gzip header is damaged.' })
  }
}
