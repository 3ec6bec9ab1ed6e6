import { quote } from './failure.ts'

/** Refusals of one mail by itself, seconds apart, after which it is the mail that is at fault and not the moment. */
const hopeless = 4

/**
 * Mails of a folder whose fetching failed, be it refused or ended by the server with the connection, as Dovecot does when a
 * mail is shorter than it had announced. They are fetched one by one, and one that keeps failing is left, so that it does not
 * keep the mails behind it from coming in. Kept in memory, as long as the folder is watched.
 */
export interface Suspects {
  has(uid: number): boolean
  add(uids: readonly number[], error: unknown): void
  isHopeless(uid: number): boolean
  /** What the server said last. */
  reason(uid: number): string
}

export function createSuspects(): Suspects {
  const suspects = new Map<number, { refusals: number; reason: string }>()
  return {
    has: (uid) => suspects.has(uid),
    add(uids, error) {
      const { responseText, message } = error as { responseText?: string; message?: string }
      const reason = quote(responseText ?? message ?? String(error))
      for (const uid of uids) {
        // Failing in company proves nothing against one mail, so it does not count as a refusal.
        const refusals = (suspects.get(uid)?.refusals ?? 0) + (uids.length === 1 ? 1 : 0)
        suspects.set(uid, { refusals, reason })
      }
    },
    isHopeless: (uid) => (suspects.get(uid)?.refusals ?? 0) >= hopeless,
    reason: (uid) => suspects.get(uid)?.reason ?? '',
  }
}
