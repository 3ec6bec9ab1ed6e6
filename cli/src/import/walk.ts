import { open, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { splitMbox } from './mbox.ts'

/** One thing to import: a mail or file with its bytes, or one that was too large to take. */
export interface ImportItem {
  name: string
  raw: Uint8Array | null
  size: number
}

const mboxStart = Buffer.from('From ')

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
  const handle = await open(file.path)
  try {
    const start = await handle.read(Buffer.alloc(mboxStart.length), 0, mboxStart.length, 0)
    if (start.buffer.equals(mboxStart)) {
      let place = 0
      const stream = handle.createReadStream({ start: 0, autoClose: false })
      for await (const { raw, size } of splitMbox(stream, maxBytes)) yield { name: `${name}#${++place}`, raw, size }
    } else {
      // Read from the start, as the position of the handle has not moved.
      yield { name, raw: file.size > maxBytes ? null : await handle.readFile(), size: file.size }
    }
  } finally {
    await handle.close()
  }
}
