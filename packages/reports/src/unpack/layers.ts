import type { Limits } from '../limits.ts'
import { type ByteSource, fromBytes } from '../source.ts'
import { type Budget, collect } from './budget.ts'
import { ChunkReader } from './chunk-reader.ts'
import { gunzip } from './gzip.ts'
import { inflate } from './inflate.ts'
import { type OpenedMail, openMail } from './mail.ts'
import { splitMbox } from './mbox.ts'
import { SNIFF_BYTES } from './sniff.ts'
import { listZip } from './zip.ts'

type Note = (code: string) => void

/** What a gzip holds. */
export function gzipContent(source: ByteSource, budget: Budget, note: Note): ByteSource {
  return budget.limited(() => gunzip(source.open(), note))
}

/** What a bare zlib stream holds. */
export function zlibContent(source: ByteSource, budget: Budget): ByteSource {
  return budget.limited(() => inflate(new ChunkReader(source.open()), 'zlib'))
}

/** The files of a zip in the order of its directory; null stands for a folder, so that positions stay. */
export async function zipContents(
  source: ByteSource,
  budget: Budget,
  limits: Limits,
  note: Note,
  noteOfEntry: Note,
): Promise<(ByteSource | null)[]> {
  const bytes = await collect(source, limits, 'zipBytes')
  const entries = await listZip(withoutTail(bytes, note), limits)
  return entries.map((entry) => (entry.isDirectory ? null : budget.limited(() => entry.open(noteOfEntry))))
}

/** Gateways put a line end behind a zip as they do behind a gzip (row 15); the library would refuse it. */
function withoutTail(zip: Buffer, note: Note): Buffer {
  const directoryEnd = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  if (directoryEnd < 0 || directoryEnd + 22 > zip.length) return zip
  const end = directoryEnd + 22 + zip.readUInt16LE(directoryEnd + 20)
  if (end < zip.length) note('data_after_zip')
  return zip.subarray(0, end)
}

/** The mails of an mbox file, one after the other; a single mail is one. */
export async function mboxContents(source: ByteSource, limits: Limits): Promise<ByteSource[]> {
  return splitMbox(await collect(source, limits, 'mailBytes')).map(fromBytes)
}

/** A mail taken apart; its parts are charged to the budget. */
export async function mailContents(source: ByteSource, budget: Budget, limits: Limits, note: Note): Promise<OpenedMail> {
  const bytes = withLineFeeds(await collect(source, limits, 'mailBytes'), note)
  const start = startOfHeaders(bytes)
  if (start > 0) note('data_before_mail')
  const mail = await openMail(bytes.subarray(start), limits)
  if (mail.isRepaired) note('repaired')
  budget.chargeParts(mail.leaves.length + 1)
  return mail
}

/** Lines that end with CR alone are no lines to a mail parser, and a report behind them would not be seen. */
function withLineFeeds(bytes: Buffer, note: Note): Buffer {
  // The first line of a header, and the name of the next field right behind the CR.
  if (!/^[^\r\n]+\r[!-9;-~]{1,100}:/.test(bytes.toString('latin1', 0, SNIFF_BYTES))) return bytes
  note('bare_carriage_returns')
  return Buffer.from(bytes.toString('latin1').replaceAll(/\r(?!\n)/g, '\r\n'), 'latin1')
}

/** A byte order mark or blank lines before the first header would make the whole mail a body. */
function startOfHeaders(bytes: Uint8Array): number {
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  while (bytes[start] === 0x0d || bytes[start] === 0x0a) start++
  return start
}
