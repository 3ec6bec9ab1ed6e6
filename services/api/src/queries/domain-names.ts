import type { DomainNames } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'

/** Names to choose from: those that begin with the text first, then those that contain it. */
export async function findDomainNames(db: Db, search: string, limit: number): Promise<DomainNames> {
  const part = search.toLowerCase()
  const { rows } = await sql<{ name: string }>`
    select name from domains d
    where position(${part} in name) > 0
    order by position(${part} in name) > 1, name limit ${limit + 1}`.execute(db)
  return { items: rows.slice(0, limit).map(({ name }) => name), more: rows.length > limit }
}
