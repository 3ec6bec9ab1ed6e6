import { fromBytes, readEnvelope, readInput } from '@ruadar/reports'
import { batchesAhead, type ReaderEvent, type ReadTask } from './messages.ts'

/** Runs in a worker thread: reads one mail or file and sends what it finds, at most some batches ahead of the store. */
export default async function read({ raw, receivedAt, limits, sampleBodies, port }: ReadTask): Promise<void> {
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
  const { subject, from } = await readEnvelope(raw)
  let batch: ReaderEvent[] = [{ type: 'envelope', subject, sender: from }]
  for await (const event of readInput(fromBytes(raw), { limits, receivedAt, sampleBodies })) {
    batch.push(event)
    // A small mail travels whole, in one message.
    if (event.type === 'records' && event.records.length > 100) {
      await send(batch)
      batch = []
    }
  }
  await send(batch)
  port.postMessage(null)
}
