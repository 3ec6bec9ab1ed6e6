import { createReadStream, createWriteStream, type ReadStream } from 'node:fs'
import { access, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import { OperatorError } from '@ruadar/platform'

export interface NewFile {
  stream: Writable
  /** Makes the file appear under its name, whole and on the disk. Returns its size in bytes. */
  finish(): Promise<number>
  /** Removes what was written, unless it was finished. */
  discard(): Promise<void>
}

/**
 * A file that is written under another name beside its own, for its owner alone: it holds mails and the hashes of passwords.
 * An OperatorError when the path exists and may not be replaced, or cannot be written.
 */
export async function openNewFile(path: string, force: boolean): Promise<NewFile> {
  const partial = join(dirname(path), `.${basename(path)}.partial-${process.pid}`)
  await refuseExisting(path, force)
  const handle = await open(partial, 'wx', 0o600).catch((error: unknown) => {
    throw unwritable(path, error)
  })
  let isFinished = false
  // Of the handle's own stream, close() would wait for ever.
  const stream = createWriteStream(partial, { fd: handle.fd, autoClose: false })
  return {
    stream,
    async finish() {
      await handle.sync().catch((error: unknown) => {
        throw unwritable(path, error)
      })
      const { size } = await handle.stat()
      await handle.close()
      await refuseExisting(path, force)
      await rename(partial, path)
      isFinished = true
      await syncFolder(dirname(path))
      return size
    },
    async discard() {
      if (isFinished) return
      stream.destroy()
      await handle.close().catch(() => undefined) // closed already
      await rm(partial, { force: true })
    },
  }
}

async function refuseExisting(path: string, force: boolean): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  )
  if (exists && !force) throw new OperatorError(`${path} exists already.`, 'Choose another name, or replace it with --force.')
}

/** The name is safe only when the folder is on the disk too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export function unwritable(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  return code
    ? new OperatorError(`${path} cannot be written (${code}).`, 'See that its folder is there and has space.', { cause: error })
    : error
}

/** Opens a backup for reading. An OperatorError when it can't be. */
export async function openBackup(path: string): Promise<ReadStream> {
  const stream = createReadStream(path, { highWaterMark: 256 * 1024 })
  await new Promise<void>((resolve, reject) => stream.once('open', () => resolve()).once('error', reject)).catch((error: unknown) => {
    throw new OperatorError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`, 'Check the path and its permissions.')
  })
  return stream
}
