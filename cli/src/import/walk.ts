import { createReadStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { splitMbox } from './mbox.ts'

/** One thing to import: a mail or file with its bytes, or one that was too large to take. */
export interface ImportItem {
  name: string
  raw: Uint8Array | null
  size: number
}

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
  if (await isMbox(file.path)) {
    let place = 0
    for await (const { raw, size } of splitMbox(createReadStream(file.path), maxBytes)) yield { name: `${name}#${++place}`, raw, size }
  } else if (file.size > maxBytes) {
    yield { name, raw: null, size: file.size }
  } else {
    const chunks: Buffer[] = []
    for await (const chunk of createReadStream(file.path)) chunks.push(chunk as Buffer)
    yield { name, raw: Buffer.concat(chunks), size: file.size }
  }
}

async function isMbox(path: string): Promise<boolean> {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(5), 0, 5, 0)
    return bytesRead === 5 && buffer.toString('latin1') === 'From '
  } finally {
    await handle.close()
  }
}
