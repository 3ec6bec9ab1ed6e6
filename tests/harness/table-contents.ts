import type { Database } from '@ruadar/platform'

/**
 * Rows and a sum over their text of every table, the queue's left out, read with other means than a backup's: `columns` of a row are taken
 * as one text. Ids of transactions are those of one server and left out.
 */
export async function readTableContents(database: Database): Promise<Record<string, string>> {
  const { rows: tables } = await database.pool.query<{ name: string; columns: string }>(
    `select table_name as name, string_agg(quote_ident(column_name), ', ' order by column_name) as columns
     from information_schema.columns c join pg_class t on t.oid = (quote_ident(table_schema) || '.' || quote_ident(table_name))::regclass
     where table_schema = 'public' and t.relkind in ('r', 'p') and data_type <> 'xid8' group by 1 order by 1`,
  )
  const contents: Record<string, string> = {}
  for (const { name, columns } of tables) {
    const { rows } = await database.pool.query<{ content: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(line, chr(10) order by line collate "C")), '') as content
       from (select row(${columns})::text as line from ${name}) lines`,
    )
    contents[name] = rows[0]?.content ?? ''
  }
  return contents
}
