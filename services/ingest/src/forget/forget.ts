import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, type Db, OperatorError, sql } from '@ruadar/platform'
import { forgetDays } from './days.ts'
import type { Forgotten } from './forgotten.ts'
import { forgetRefused } from './mails.ts'
import { dropDomain, dropUnused, kinds } from './names.ts'
import { forgetFailures, forgetTls } from './other-kinds.ts'
import { forgetStanding } from './standing.ts'

/** What there is of a domain. `messages`: of reports that count. */
export interface KnownOfDomain {
  reports: number
  records: number
  messages: number
  tlsReports: number
  failureReports: number
  decisions: number
  alerts: number
  refusedMails: number
}

/** Counts what would be deleted; undefined when nothing is known of a domain of this name. */
export async function countKnown({ db }: Pick<Database, 'db'>, name: string): Promise<KnownOfDomain | undefined> {
  const { rows } = await sql<KnownOfDomain & { known: boolean }>`
    with d as (select id from domains where name = ${name})
    select (select count(*) from reports r, d where r.domain_id = d.id) as reports,
      (select coalesce(sum(r.records), 0)::bigint from reports r, d where r.domain_id = d.id) as records,
      (select coalesce(sum(r.messages), 0)::bigint from reports r, d where r.domain_id = d.id and r.state = 'counted') as messages,
      (select count(distinct p.report_id) from tls_policies p, d where p.domain_id = d.id) as "tlsReports",
      (select count(*) from failure_reports r, d where r.domain_id = d.id) as "failureReports",
      (select count(*) from decisions r, d where r.domain_id = d.id) as decisions,
      (select count(*) from alerts r, d where r.domain_id = d.id) as alerts,
      (select count(distinct mail_id) from mail_outcomes where code = 'unknown_domain' and mentions(message, ${name})) as "refusedMails",
      exists (select from d) as known`.execute(db)
  const [{ known, ...counts } = { known: false }] = rows
  return known || (counts as KnownOfDomain).refusedMails > 0 ? (counts as KnownOfDomain) : undefined
}

/** Rounds that wait for reports that come in meanwhile. */
const mostRounds = 5

/**
 * Deletes a Policy Domain and all that was reported for it, in steps: ended anywhere, it goes on from there when it is called again. Mails
 * that held nothing else go with their bytes; so do names that nothing refers to any more. `note` hears of each step.
 */
export async function forgetDomain({ db }: Pick<Database, 'db'>, name: string, note: (step: string) => void = () => {}): Promise<void> {
  while (await withRetry(() => db.transaction().execute((trx) => forgetRefused(trx, { name }))));
  for (let round = 1; ; round++) {
    const { rows } = await sql<Forgotten>`select id, name from domains where name = ${name}`.execute(db)
    const [domain] = rows
    if (domain) await forgetRows(db, domain, note)
    for (const kind of kinds) while (await withRetry(() => db.transaction().execute((trx) => dropUnused(trx, kind))));
    note('names')
    if (!domain || (await withRetry(() => db.transaction().execute((trx) => dropDomain(trx, domain))))) return
    if (round === mostRounds)
      throw new OperatorError(
        `Reports about ${name} keep coming in.`,
        'Leave it out of RUADAR_DOMAINS, or have its rua changed, and run the command again.',
      )
  }
}

async function forgetRows(db: Db, domain: Forgotten, note: (step: string) => void): Promise<void> {
  const days = () =>
    db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((trx) => forgetDays(trx, domain))
  while (await withRetry(days)) note('days of aggregate reports')
  while (await withRetry(() => db.transaction().execute((trx) => forgetTls(trx, domain)))) note('TLS reports')
  while (await withRetry(() => db.transaction().execute((trx) => forgetFailures(trx, domain)))) note('failure reports')
  await withRetry(() => db.transaction().execute((trx) => forgetStanding(trx, domain)))
  note('decisions and alerts')
}

const tries = 60
/** Serialization failure, deadlock, lock not available: somebody else was at the same rows. */
const passing = new Set(['40001', '40P01', '55P03'])

async function withRetry<T>(step: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step()
    } catch (error) {
      if (attempt === tries || !passing.has((error as { code?: string }).code ?? '')) throw error
      await sleep(200)
    }
  }
}
