import { type Database, type MailQueue, sql } from '@ruadar/platform'
import { queueMails } from './intake.ts'

export interface ReadAgainFilter {
  ids?: number[]
  /** Reason code of an outcome. */
  code?: string
  /** With `code`: of an outcome that has it. */
  outcome?: string
  state?: 'quarantined' | 'ignored'
  /** Of the reports that the mail has brought, aggregate or TLS. */
  reporter?: string
  domain?: string
  /** UTC days, `YYYY-MM-DD`, from the one up to, not including, the other, in which such a report begins. */
  from?: string
  to?: string
}

/** What was done with the mails that a filter chose. */
export interface ReadAgainCount {
  queued: number
  /** The highest id among them; 0: none. */
  last: number
}

/**
 * Puts mails back to `stored` and queues them, as after an upgrade that reads more: their reports take what the reader says then. `note` hears
 * how many so far. Mails without bytes stay, and so do those that were reduced to their failure report: they hold nothing that was not read.
 */
export async function queueAgain(
  context: { database: Database; queue: MailQueue },
  filter: ReadAgainFilter,
  note: (queued: number) => void = () => {},
): Promise<ReadAgainCount> {
  const { db } = context.database
  const count = { queued: 0, last: 0 }
  for (;;) {
    const { rows } = await sql<{ id: number; size: number }>`
      update mails set state = 'stored', starts = 0, queued_at = null
      where id in (
        select id from mails m
        where ${readable} and state <> 'stored' and id > ${count.last} and ${chosenBy(filter)}
        order by id limit 1000
        for update skip locked)
      returning id, size`.execute(db)
    await queueMails(db, context.queue, rows)
    count.queued += rows.length
    count.last = Math.max(count.last, ...rows.map(({ id }) => id))
    note(count.queued)
    if (rows.length < 1000) return count
  }
}

/** The same for who only wants to know how many. */
export const readAgain = async (context: { database: Database; queue: MailQueue }, filter: ReadAgainFilter): Promise<number> =>
  (await queueAgain(context, filter)).queued

/** Mails that a filter chooses, but of which nothing is left to be read again. */
export async function countUnreadable({ db }: Pick<Database, 'db'>, filter: ReadAgainFilter): Promise<number> {
  const { rows } = await sql<{ mails: number }>`
    select count(*) as mails from mails m where not (${readable}) and ${chosenBy(filter)}`.execute(db)
  return rows[0]?.mails ?? 0
}

const readable = sql`((m.raw is not null or m.raw_object is not null) and not m.reduced)`

type Condition = ReturnType<typeof sql<boolean>>

function chosenBy({ ids, code, outcome, state, reporter, domain, from, to }: ReadAgainFilter): Condition {
  const conditions: Condition[] = [sql`true`]
  if (ids !== undefined) conditions.push(sql`m.id = any(${ids}::bigint[])`)
  if (state !== undefined) conditions.push(sql`m.state = ${state}::mail_state`)
  if (code !== undefined)
    conditions.push(sql`exists (
      select 1 from mail_outcomes o
      where o.mail_id = m.id and o.code = ${code} and o.outcome = coalesce(${outcome ?? null}::outcome, o.outcome))`)
  if (reporter !== undefined || domain !== undefined || from !== undefined || to !== undefined) {
    const about = sql`
      r.mail_id = m.id
      and (${reporter ?? null}::text is null or r.reporter_id = (select id from reporters where name = ${reporter ?? null}))
      and (${from ?? null}::date is null or r.day >= ${from ?? null}::date) and (${to ?? null}::date is null or r.day < ${to ?? null}::date)`
    const isDomain = sql`(select id from domains where name = ${domain ?? null})`
    conditions.push(sql`(
      exists (select 1 from reports r where ${about} and (${domain ?? null}::text is null or r.domain_id = ${isDomain}))
      or exists (
        select 1 from tls_reports r
        where ${about} and (${domain ?? null}::text is null
          or exists (select 1 from tls_policies p where p.report_id = r.id and p.domain_id = ${isDomain}))))`)
  }
  return sql.join<boolean>(conditions, sql` and `)
}
