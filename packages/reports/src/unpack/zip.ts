import { type Entry, fromBuffer, type ZipFile } from 'yauzl'
import { crc32 } from 'node:zlib'
import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'
import { fromBytes } from '../source.ts'
import { ChunkReader } from './chunk-reader.ts'
import { inflate } from './inflate.ts'

/** A file in a zip: opens any number of times, inflating as it goes. Its name is never used. */
export interface ZipEntry {
  isDirectory: boolean
  /** Yields the content. Throws a ReportError for encrypted, cut or damaged data and for unknown methods. */
  open(note: (code: string) => void): AsyncGenerator<Uint8Array>
}

const STORED = 0
const DEFLATED = 8

/**
 * Lists the entries of a zip in memory, in the order of its directory. Throws a ReportError for a damaged archive, for too many
 * entries, and for entries that share bytes, by which 200 kB can hold gigabytes.
 */
export async function listZip(bytes: Buffer, limits: Limits): Promise<ZipEntry[]> {
  const zip = await openZip(bytes)
  if (zip.entryCount > limits.zipEntries) {
    throw new ReportError({
      code: 'limit',
      message: `The archive has more than ${limits.zipEntries} entries.`,
      limit: { name: 'zipEntries', value: limits.zipEntries },
    })
  }
  const entries = await readDirectory(zip, limits)
  refuseOverlap(entries)
  return entries.map((entry) => ({
    isDirectory: entry.fileNameRaw.at(-1) === 0x2f,
    open: (note) => readEntry(zip, bytes, entry, note),
  }))
}

function openZip(bytes: Buffer): Promise<ZipFile> {
  // decodeStrings would check the names too, and give up the whole archive for one called "../x".
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: false }
  return new Promise((resolve, reject) => {
    fromBuffer(bytes, options, (error, zip) => (error ? reject(badArchive()) : resolve(zip)))
  })
}

function readDirectory(zip: ZipFile, limits: Limits): Promise<Entry[]> {
  const entries: Entry[] = []
  return new Promise((resolve, reject) => {
    zip.on('error', () => reject(badArchive()))
    zip.on('end', () => resolve(entries))
    zip.on('entry', (entry: Entry) => {
      if (entries.push(entry) > limits.zipEntries) reject(badArchive())
      else zip.readEntry()
    })
    zip.readEntry()
  })
}

const LOCAL_HEADER_BYTES = 30

function refuseOverlap(entries: readonly Entry[]): void {
  let end = 0
  for (const entry of entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)) {
    if (entry.relativeOffsetOfLocalHeader < end) {
      throw new ReportError({ code: 'bad_archive', message: 'Entries of the archive overlap.' })
    }
    end = entry.relativeOffsetOfLocalHeader + LOCAL_HEADER_BYTES + entry.fileNameLength + entry.compressedSize
  }
}

async function* readEntry(zip: ZipFile, bytes: Buffer, entry: Entry, note: (code: string) => void): AsyncGenerator<Uint8Array> {
  if (entry.isEncrypted()) throw new ReportError({ code: 'unsupported_archive', message: 'The archive is encrypted.' })
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    throw new ReportError({ code: 'unsupported_archive', message: 'The archive is compressed by a method that is not read.' })
  }
  const start = await zip.readLocalFileHeaderPromise(entry, { minimal: true }).then(
    (header) => header.fileDataStart,
    () => {
      throw badArchive()
    },
  )
  const stored = fromBytes(bytes.subarray(start, start + entry.compressedSize)).open()
  let crc = 0
  for await (const chunk of entry.compressionMethod === STORED ? stored : inflate(new ChunkReader(stored), 'raw')) {
    crc = crc32(chunk, crc)
    yield chunk
  }
  if (crc !== entry.crc32) note('zip_checksum')
}

function badArchive(): ReportError {
  return new ReportError({ code: 'bad_archive', message: 'The zip archive is damaged.' })
}
