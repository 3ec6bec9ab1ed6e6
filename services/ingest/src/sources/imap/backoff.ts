import { setTimeout as delay } from 'node:timers/promises'
import type { MailboxCode } from './failure.ts'

const first = 1000
const longest = 300_000
/** Wrong passwords in quick succession lock accounts and get addresses banned. */
const afterRefusal = 30_000

/**
 * Milliseconds to wait after the `failures`-th failure in a row: doubled each time, at most 5 minutes, and half of it left
 * to chance so that a thousand mailboxes do not come back at the same moment.
 */
export function backoff(failures: number, code: MailboxCode, random: () => number = Math.random): number {
  const least = code === 'login_failed' || code === 'oauth_failed' ? afterRefusal : first
  const full = Math.min(longest, least * 2 ** Math.min(failures - 1, 20))
  return Math.round(full / 2 + (full / 2) * random())
}

/** Waits, or returns at once when `signal` aborts. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined)
}
