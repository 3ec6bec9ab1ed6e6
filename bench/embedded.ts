import { startEmbeddedPostgres } from '@ruadar/embedded'
import { openDatabase, sql } from '@ruadar/platform'

/** What the embedded database of a data folder holds, counted from its rows and its daily sums: both have to say the same. */
export async function sumsOf(dataDir: string): Promise<{ rows: number; messages: number }> {
  const server = await startEmbeddedPostgres(dataDir)
  const database = await openDatabase(server.url, { name: 'bench' })
  try {
    const { rows } = await sql<{ rows: number; messages: number; summed: number }>`
      select (select count(*) from records) as rows, (select coalesce(sum(messages), 0)::bigint from daily_totals) as messages,
             (select coalesce(sum(messages), 0)::bigint from daily_sources) as summed`.execute(database.db)
    const [found] = rows
    if (!found || found.messages !== found.summed) throw new Error(`daily sums differ: ${JSON.stringify(found)}`)
    return found
  } finally {
    await database.close()
    await server.stop()
  }
}
