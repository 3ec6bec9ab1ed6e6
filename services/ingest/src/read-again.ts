import { type Database, type MailQueue, sql } from '@ruadar/platform'
import { queueMails } from './intake.ts'

export interface ReadAgainFilter {
  ids?: number[]
  /** Reason code of an outcome. */
  code?: string
  /** With `code`: of an outcome that has it. */
  outcome?: string
  state?: 'quarantined' | 'ignored'
}

/**
 * Puts mails back to `stored` and queues them, as after an upgrade that reads more. Returns how many.
 * Mails without bytes stay, and so do those that were reduced to their failure report: they hold nothing that was not read.
 */
export async function readAgain(context: { database: Database; queue: MailQueue }, filter: ReadAgainFilter): Promise<number> {
  const { db } = context.database
  let total = 0
  let after = 0
  for (;;) {
    const { rows } = await sql<{ id: number; size: number }>`
      update mails set state = 'stored', starts = 0, queued_at = null
      where id in (
        select id from mails m
        where raw is not null and not reduced and state <> 'stored' and id > ${after}
          and (${filter.ids ?? null}::bigint[] is null or id = any(${filter.ids ?? null}::bigint[]))
          and (${filter.state ?? null}::mail_state is null or state = ${filter.state ?? null}::mail_state)
          and (${filter.code ?? null}::text is null
               or exists (
                 select 1 from mail_outcomes o
                 where o.mail_id = m.id and o.code = ${filter.code ?? null} and o.outcome = coalesce(${filter.outcome ?? null}::outcome, o.outcome)))
        order by id limit 1000
        for update skip locked)
      returning id, size`.execute(db)
    await queueMails(db, context.queue, rows)
    total += rows.length
    if (rows.length < 1000) return total
    after = Math.max(...rows.map(({ id }) => id))
  }
}
