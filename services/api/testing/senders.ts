import { createAlertWatch } from '../../ingest/src/alerts/watch.ts'
import { loadNaming } from '../../ingest/src/senders/naming.ts'
import { followReports } from '../../ingest/src/senders/pass.ts'
import type { Database } from '@ruadar/platform'

/** Does what the ingest process does behind the reports: senders, their sums, standing and alerts. */
export async function bringSendersUpToDate(database: Database, now = new Date('2026-03-31T12:00:00Z')): Promise<void> {
  await followReports(database.db, await loadNaming(database.db, undefined))
  await createAlertWatch({ database, now: () => now, settleMs: 0, looksUp: false, isRuaPublished: async () => null })()
}

const pass = (domain: string, selector = 's') => ({ domain, selector, result: 'pass' as const, humanResult: null })

/** Results of mail that a service signs and bounces in its own name. */
export const serviceAuth = (domain: string) => ({
  dkim: [pass(domain)],
  spf: [{ domain: `bounce.${domain}`, scope: 'mfrom' as const, result: 'pass' as const, humanResult: null }],
})

/** Results of mail of the domain's own server. */
export const ownAuth = (domain: string) => ({
  dkim: [pass(domain)],
  spf: [{ domain, scope: 'mfrom' as const, result: 'pass' as const, humanResult: null }],
})
