import { createReadStream, readFileSync } from 'node:fs'
import { open, readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { splitMbox } from './mbox.ts'

/** One thing to import: a mail or file with its bytes, or one that was too large to take. */
export interface ImportItem {
  name: string
  raw: Uint8Array | null
  size: number
}

const smallBytes = 1024 * 1024

export interface ImportPlan {
  /** Files with their sizes, in the order of their paths. */
  files: { path: string; size: number }[]
  bytes: number
}

/** Lists files below the given paths. A Maildir is a folder like any other, but for `tmp`, which holds unfinished deliveries. */
export async function planImport(paths: readonly string[]): Promise<ImportPlan> {
  const files: ImportPlan['files'] = []
  for (const path of paths) await addPath(path, files)
  return { files, bytes: files.reduce((sum, file) => sum + file.size, 0) }
}

async function addPath(path: string, files: ImportPlan['files']): Promise<void> {
  const found = await stat(path)
  if (found.isFile()) files.push({ path, size: found.size })
  if (!found.isDirectory()) return
  const entries = await readdir(path, { withFileTypes: true })
  const names = new Set(entries.map((entry) => entry.name))
  const isMaildir = names.has('cur') && names.has('new')
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const skipped = isMaildir && (entry.name === 'tmp' || (entry.isFile() && /^(dovecot|maildir|subscriptions|courier)/.test(entry.name)))
    // Links are not followed: a folder of reports needs none, and a loop would never end.
    if (!skipped && (entry.isFile() || entry.isDirectory())) await addPath(join(path, entry.name), files)
  }
}

/** The mails of an mbox, or the file itself. */
export async function* readItems(file: { path: string; size: number }, maxBytes: number): AsyncGenerator<ImportItem> {
  const name = basename(file.path)
  // Most files are small, and there may be 100,000: four trips to the thread pool for each would take longer than to read it here.
  const small = file.size <= smallBytes ? readFileSync(file.path) : undefined
  if (small ? isMbox(small) : isMbox(await startOf(file.path))) {
    let place = 0
    const source = small ? Readable.from([small]) : createReadStream(file.path)
    for await (const { raw, size } of splitMbox(source, maxBytes)) yield { name: `${name}#${++place}`, raw, size }
  } else if (file.size > maxBytes) {
    yield { name, raw: null, size: file.size }
  } else {
    yield { name, raw: small ?? (await readFile(file.path)), size: file.size }
  }
}

const isMbox = (start: Buffer): boolean => start.subarray(0, 5).toString('latin1') === 'From '

async function startOf(path: string): Promise<Buffer> {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(5), 0, 5, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
