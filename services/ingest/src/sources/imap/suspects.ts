/** Refusals of one mail, minutes apart, after which it is believed that the mail is at fault and not the moment. */
const hopeless = 6

/**
 * Mails of a folder that were in an answer which failed: they are fetched one by one, and one that keeps failing alone is
 * given up, so that it does not keep the mails behind it from coming in. Kept in memory, as long as the folder is watched.
 */
export interface Suspects {
  has(uid: number): boolean
  add(uids: readonly number[]): void
  isHopeless(uid: number): boolean
}

export function createSuspects(): Suspects {
  const refusals = new Map<number, number>()
  return {
    has: (uid) => refusals.has(uid),
    add(uids) {
      // Failing in company proves nothing against one mail, so it does not count as a refusal.
      const counts = uids.length === 1 ? 1 : 0
      for (const uid of uids) refusals.set(uid, (refusals.get(uid) ?? 0) + counts)
    },
    isHopeless: (uid) => (refusals.get(uid) ?? 0) >= hopeless,
  }
}
