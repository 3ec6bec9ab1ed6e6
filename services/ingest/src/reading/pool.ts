import { MessageChannel } from 'node:worker_threads'
import type { Limits } from '@ruadar/reports'
import { Piscina } from 'piscina'
import type { ReaderEvent, ReadManyResult, ReadManyTask, ReadOptions, ReadTask, UnreadMail } from './messages.ts'

/** A mail that a reader could not finish: the thread ran out of memory or time, or crashed. */
export class ReaderError extends Error {
  override name = 'ReaderError'
  readonly code: 'read_timeout' | 'read_memory' | 'read_crashed'
  constructor(code: ReaderError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

export interface Readers {
  /** Batches of what one mail holds. Throws a ReaderError; a consumer that stops early ends the thread's work. */
  read(mail: UnreadMail): AsyncGenerator<ReaderEvent[]>
  /** What each of some small mails holds, null for one that has to be read alone. Throws a ReaderError when any of them could not be finished. */
  readMany(mails: readonly UnreadMail[]): Promise<ReadManyResult>
  /** Ids of the threads that run. */
  threads(): number[]
  close(): Promise<void>
}

export interface ReaderSettings {
  readers: number
  readSeconds: number
  readMemoryMb: number
  limits: Partial<Limits>
  sampleBodies: boolean
}

/** Threads always run the built file: Node 20 reads no TypeScript. */
const threadFile = new URL(import.meta.url.endsWith('.ts') ? '../../dist/reading/thread.cjs' : './thread.cjs', import.meta.url)

export function startReaders({ readers, readSeconds, readMemoryMb, limits, sampleBodies }: ReaderSettings): Readers {
  const pool = new Piscina({
    filename: threadFile.href,
    name: 'readOne',
    minThreads: 1,
    maxThreads: readers,
    idleTimeout: 30_000,
    execArgv: [], // not those of a test runner
    resourceLimits: { maxOldGenerationSizeMb: readMemoryMb, maxYoungGenerationSizeMb: 24 },
  })
  const options = { limits, sampleBodies }
  return {
    read: (mail) => readOne(pool, { ...mail, ...options }, readSeconds * 1000, readMemoryMb),
    readMany: (mails) => readMany(pool, mails, options, readSeconds * 1000, readMemoryMb),
    threads: () => pool.threads.map(({ threadId }) => threadId),
    close: () => pool.close({ force: true }),
  }
}

async function* readOne(pool: Piscina, mail: Omit<ReadTask, 'port'>, budgetMs: number, memoryMb: number): AsyncGenerator<ReaderEvent[]> {
  const { port1, port2 } = new MessageChannel()
  const abort = new AbortController()
  const arrived: (ReaderEvent[] | null)[] = []
  let failure: unknown
  let wake: (() => void) | undefined
  port1.on('message', (batch: ReaderEvent[] | null) => {
    arrived.push(batch)
    wake?.()
  })
  const raw = isWhole(mail.raw) ? mail.raw : ownBytes(mail.raw)
  const task = pool
    .run({ ...mail, raw, port: port2 }, { transferList: [port2, raw.buffer], signal: abort.signal })
    .catch((error: unknown) => {
      failure = error
      wake?.()
    })
  let left = budgetMs
  let started = false
  try {
    for (;;) {
      // Only time spent waiting for the reader counts, not what the database takes.
      const waitedFrom = performance.now()
      let timer: NodeJS.Timeout | undefined
      while (arrived.length === 0 && failure === undefined) {
        if (started && performance.now() - waitedFrom >= left) {
          throw tooSlow(budgetMs)
        }
        await new Promise<void>((resolve) => {
          wake = resolve
          if (started) timer = setTimeout(resolve, left - (performance.now() - waitedFrom))
        })
        clearTimeout(timer)
      }
      if (started) left -= performance.now() - waitedFrom
      started = true
      const batch = arrived.shift()
      if (batch === null) {
        // The thread has only to say so: to stop it now would end it, and the next mail would wait for a new one.
        await task
        return
      }
      if (batch === undefined) throw toReaderError(failure, memoryMb)
      yield batch
      port1.postMessage(null)
    }
  } finally {
    abort.abort()
    port1.close()
    await task
  }
}

/** The time limit is that of one mail: small mails are far from it, and those that are not are read alone afterwards. */
async function readMany(
  pool: Piscina,
  mails: readonly UnreadMail[],
  options: ReadOptions,
  budgetMs: number,
  memoryMb: number,
): Promise<ReadManyResult> {
  const task: ReadManyTask = { ...options, mails: mails.map(({ raw, receivedAt }) => ({ raw: ownBytes(raw), receivedAt })) }
  const transferList = task.mails.map(({ raw }) => raw.buffer as ArrayBuffer)
  const signal = AbortSignal.timeout(budgetMs)
  try {
    return (await pool.run(task, { name: 'readMany', transferList, signal })) as ReadManyResult
  } catch (error) {
    throw signal.aborted ? tooSlow(budgetMs) : toReaderError(error, memoryMb)
  }
}

/** True when the bytes are all of their memory, which can then be given away. */
const isWhole = (bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength

/** A copy of its own: bytes from the database are a slice of a larger buffer, which would travel whole. */
const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)

const tooSlow = (budgetMs: number) => new ReaderError('read_timeout', `Reading took longer than RUADAR_READ_SECONDS (${budgetMs / 1000}).`)

function toReaderError(failure: unknown, memoryMb: number): ReaderError {
  const { code, message } = failure as { code?: string; message?: string }
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new ReaderError('read_memory', `Reading needed more memory than RUADAR_READ_MEMORY_MB (${memoryMb}).`, { cause: failure })
  }
  return new ReaderError('read_crashed', `The reader failed: ${message ?? 'no reason given'}.`, { cause: failure })
}
