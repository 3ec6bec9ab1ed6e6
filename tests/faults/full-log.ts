import { type Database, sql } from '@ruadar/platform'

/** What a house writes in hours: segments of PostgreSQL's log until a full disk has room for no other, and the server ends. */
export async function fillLog({ db }: Database): Promise<void> {
  const write = () => sql`select pg_switch_wal(), pg_logical_emit_message(false, 'ruadar', repeat('x', 100000))`.execute(db)
  for (let isUp = true; isUp; ) {
    isUp = await write().then(
      () => true,
      () => false,
    )
  }
}
