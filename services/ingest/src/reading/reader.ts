import { fromBytes, readEnvelope, readInput } from '@ruadar/reports'
import { toColumns } from './columns.ts'
import {
  batchesAhead,
  type ReaderEvent,
  type ReadManyResult,
  type ReadManyTask,
  type ReadOptions,
  type ReadTask,
  smallRows,
  type UnreadMail,
} from './messages.ts'

/** Runs in a worker thread: reads one mail or file and sends what it finds, at most some batches ahead of the store. */
export async function readOne({ port, ...mail }: ReadTask): Promise<void> {
  let ahead = 0
  let goOn: (() => void) | undefined
  port.on('message', () => {
    ahead--
    goOn?.()
  })
  const send = async (batch: ReaderEvent[]) => {
    while (ahead >= batchesAhead) await new Promise<void>((resolve) => (goOn = resolve))
    ahead++
    port.postMessage(batch)
  }
  port.postMessage([]) // the clock starts when the reading does, not when the task was queued
  ahead++
  let batch: ReaderEvent[] = []
  for await (const event of readEvents(mail, mail)) {
    batch.push(event)
    // A small mail travels whole, in one message.
    if (event.type === 'records' && event.columns.rows > 100) {
      await send(batch)
      batch = []
    }
  }
  await send(batch)
  port.postMessage(null)
}

/** Runs in a worker thread: reads small mails one after the other. */
export async function readMany({ mails, ...options }: ReadManyTask): Promise<ReadManyResult> {
  const result: ReadManyResult = []
  for (const mail of mails) result.push(await readSmall(mail, options))
  return result
}

async function readSmall(mail: UnreadMail, options: ReadOptions): Promise<ReaderEvent[] | null> {
  const events: ReaderEvent[] = []
  let rows = 0
  for await (const event of readEvents(mail, options)) {
    if (event.type === 'records') rows += event.columns.rows
    if (rows > smallRows) return null
    events.push(event)
  }
  return events
}

async function* readEvents({ raw, receivedAt }: UnreadMail, { limits, sampleBodies }: ReadOptions): AsyncGenerator<ReaderEvent> {
  let envelope: ReaderEvent | undefined
  const onMail = ({ subject, from }: { subject: string | null; from: string | null }) => {
    envelope = { type: 'envelope', subject, sender: from }
  }
  for await (const event of readInput(fromBytes(raw), { limits, receivedAt, sampleBodies, onMail })) {
    yield event.type === 'records' ? { type: 'records', columns: toColumns(event.records) } : event
  }
  if (envelope) yield envelope
  else {
    // What could not be taken apart still has headers, and a person who looks for it knows it by them.
    const { subject, from } = await readEnvelope(raw)
    yield { type: 'envelope', subject, sender: from }
  }
}
