import { setTimeout as delay } from 'node:timers/promises'
import type { Db } from '@ruadar/platform'
import { countWaiting } from './queries/mails.ts'

/**
 * Waits until every one of these mails was read, at most `forMs`, or until `signal` aborts; then says how many still wait.
 * Looks often at first, since a small file takes milliseconds, then twice a second.
 */
export async function awaitReading(db: Db, mailIds: readonly number[], forMs: number, signal: AbortSignal): Promise<number> {
  const until = performance.now() + forMs
  for (let pause = 20; ; pause = Math.min(pause * 1.5, 500)) {
    const waiting = await countWaiting(db, mailIds)
    if (waiting === 0 || signal.aborted || performance.now() >= until) return waiting
    await delay(pause, undefined, { signal }).catch(() => undefined) // an abort is seen in the next round
  }
}
