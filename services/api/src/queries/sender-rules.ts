import type { SenderRuleItem, SenderRuleRequest } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'

type Row = Omit<SenderRuleItem, 'createdAt'> & { createdAt: Date }

const columns = sql`id, name, kind, match, created_by as "createdBy", created_at as "createdAt"`
const toItem = (row: Row): SenderRuleItem => ({ ...row, createdAt: row.createdAt.toISOString() })

export async function listSenderRules(db: Db): Promise<SenderRuleItem[]> {
  const { rows } = await sql<Row>`select ${columns} from sender_rules order by id desc`.execute(db)
  return rows.map(toItem)
}

/** The background pass finds that the rules have changed and identifies every way anew. */
export async function addSenderRule(db: Db, { name, kind, match }: SenderRuleRequest, by: string): Promise<SenderRuleItem> {
  const { rows } = await sql<Row>`
    insert into sender_rules (name, kind, match, created_by) values (${name}, ${kind}, ${JSON.stringify(match)}::jsonb, ${by})
    returning ${columns}`.execute(db)
  return toItem(rows[0] as Row)
}

export async function deleteSenderRule(db: Db, id: number): Promise<boolean> {
  const { rows } = await sql`delete from sender_rules where id = ${id} returning id`.execute(db)
  return rows.length > 0
}
