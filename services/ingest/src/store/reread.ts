import { type Db, sql } from '@ruadar/platform'
import { noteDeviations } from './deviations.ts'
import { foldDay } from './fold.ts'
import { type About, type FoundReport, type Retaken, updateReports } from './report-rows.ts'
import { settleKeys } from './settling.ts'
import { describeRows, type ReportKey, withdrawReports, type WithdrawnReport } from './withdrawal.ts'

/**
 * The reading anew of mails that have brought reports before. Their reports are out of all sums; each that the reader finds again takes
 * what it says now and goes back in. All in one transaction, so that pages are right at every moment.
 */
export interface Reread {
  /** Those of the found reports that were here before, with what now stands of them. Its key gone to another, a report waits as a conflict. */
  retake(found: readonly FoundReport[], keyOf: (report: FoundReport) => ReportKey): Promise<Retaken[]>
  /**
   * What the reader did not find again goes, keys that have lost or gained a report are settled, and days that something was taken out of
   * are folded. Returns ids of reports that changed whether they count.
   */
  finish(): Promise<Map<number, 'counted' | 'conflict'>>
}

/** Undefined when none of the mails has brought a report before. */
export async function beginReread(trx: Db, mailIds: readonly number[]): Promise<Reread | undefined> {
  const withdrawn = await withdrawReports(trx, mailIds)
  if (withdrawn.length === 0) return undefined
  const waiting = new Set(withdrawn)
  const touched: ReportKey[] = []
  return {
    async retake(found, keyOf) {
      const pairs = pair(found, waiting)
      const taken = await hashesOfOthers(trx, pairs)
      const retaken = pairs
        .filter(({ report }) => !taken.has(report.head.xmlHash))
        .map(({ report, as }): Retaken => {
          const key = keyOf(report)
          const isSame = sameKey(key, as.key)
          if (!isSame) touched.push(as.key, key)
          return { report, as, state: isSame ? as.state : 'conflict' }
        })
      for (const { as } of retaken) waiting.delete(as)
      await updateReports(trx, retaken, keyOf)
      return retaken
    },
    async finish() {
      const rest = [...waiting]
      await removeReports(trx, rest)
      const left = [...touched, ...rest.map(({ key }) => key)]
      await markStale(trx, left)
      const settled = await settleKeys(trx, left)
      const after = await describeRows(
        trx,
        withdrawn.map(({ id, key }) => ({ id, day: key.day })),
      )
      const changed = new Set(withdrawn.filter(({ id, rows }) => after.get(id) !== rows).map(({ key }) => key.day))
      for (const { day } of settled) changed.add(day)
      // Pages ask which sources and domains there are: what is taken out is not to be among them.
      for (const day of [...changed].sort()) await foldDay(trx, day)
      return new Map(settled.map(({ id, state }) => [id, state]))
    },
  }
}

/** The reporter's key of a report. */
export const keyOf = ({ head }: FoundReport, about: About): ReportKey => ({
  ...about,
  reportId: head.reportId ?? '',
  begin: head.begin,
  end: head.end,
})

const sameKey = (a: ReportKey, b: ReportKey): boolean =>
  a.reporterId === b.reporterId && a.domainId === b.domainId && a.reportId === b.reportId && a.begin === b.begin && a.end === b.end

/** By mail and XML first; else by mail and place in it: another version of the reader may take another text out of the same part. */
function pair(found: readonly FoundReport[], waiting: ReadonlySet<WithdrawnReport>): { report: FoundReport; as: WithdrawnReport }[] {
  const free = new Set(waiting)
  const pairs = new Map<FoundReport, WithdrawnReport>()
  const looks: ((it: { mailId: number; hash: string; part: string }) => string)[] = [
    ({ mailId, hash, part }) => `${mailId} ${hash} ${part}`,
    ({ mailId, hash }) => `${mailId} ${hash}`,
    ({ mailId, part }) => `${mailId} ${part}`,
  ]
  for (const look of looks) {
    const byLook = new Map([...free].map((as) => [look(as), as]))
    for (const report of found) {
      const as = pairs.has(report) ? undefined : byLook.get(look({ ...report, hash: report.head.xmlHash }))
      if (!as || !free.delete(as)) continue
      pairs.set(report, as)
    }
  }
  return [...pairs].map(([report, as]) => ({ report, as }))
}

/** Hashes that a report would take now, but that another report has: it is a duplicate of that one. */
async function hashesOfOthers(trx: Db, pairs: readonly { report: FoundReport; as: WithdrawnReport }[]): Promise<Set<string>> {
  const changed = pairs.filter(({ report, as }) => report.head.xmlHash !== as.hash)
  if (changed.length === 0) return new Set()
  const { rows } = await sql<{ hash: string }>`
    select encode(xml_hash, 'hex') as hash from reports
    where xml_hash = any(${changed.map(({ report }) => Buffer.from(report.head.xmlHash, 'hex'))}::bytea[])`.execute(trx)
  return new Set(rows.map(({ hash }) => hash))
}

/** Mails that repeated such a report are read again as well: one of them may bring it now. */
async function removeReports(trx: Db, reports: readonly WithdrawnReport[]): Promise<void> {
  if (reports.length === 0) return
  const ids = reports.map(({ id }) => id)
  await noteDeviations(
    trx,
    'aggregate',
    [],
    reports.map(({ id, key, warnings }) => ({ reportId: id, reporterId: key.reporterId, warnings })),
  )
  await sql`
    update mails m set state = 'stored', starts = 0, queued_at = null
    from mail_outcomes o
    where o.report_id = any(${ids}::bigint[]) and o.outcome = 'duplicate' and m.id = o.mail_id
      and (m.raw is not null or m.raw_object is not null) and m.state <> 'stored'`.execute(trx)
  await sql`delete from reports where id = any(${ids}::bigint[])`.execute(trx)
}

/** The sums by sender follow reports where they are now; where one has been nothing is left to follow. */
async function markStale(trx: Db, keys: readonly ReportKey[]): Promise<void> {
  if (keys.length === 0) return
  const domainIds = keys.map(({ domainId }) => domainId)
  await sql`
    insert into stale_days (domain_id, day)
    select distinct domain_id, day from unnest(${domainIds}::int[], ${keys.map(({ day }) => day)}::date[]) as k (domain_id, day) order by 1, 2
    on conflict do nothing`.execute(trx)
  await sql`
    insert into stale_domains (domain_id) select distinct unnest(${domainIds}::int[]) order by 1
    on conflict do nothing`.execute(trx)
}
