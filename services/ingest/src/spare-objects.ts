import { type Database, type Log, type ObjectStore, sql } from '@ruadar/platform'

const everyMs = 600_000
const atOnce = 100
/** Far longer than between an object's writing and the commit of its row. */
const graceSeconds = 3600

interface Removal {
  database: Database
  store: ObjectStore
  log: Log
}

/** Removes objects that no mail refers to any more, or that were written for one that never was committed. Of several processes each takes others. */
export function startSpareObjects({ database, store, log }: Removal): { close(): Promise<void> } {
  let ended = false
  let running: Promise<void> = Promise.resolve()
  const run = () => {
    running = running.then(async () => {
      try {
        const objects = await removeSpareObjects(database, store, { stop: () => ended })
        if (objects > 0) log.info({ objects }, 'raw mails that nothing refers to were removed from object storage')
      } catch (error) {
        log.warn({ err: error }, 'raw mails will be removed from object storage later')
      }
    })
  }
  run()
  const timer = setInterval(run, everyMs)
  return {
    async close() {
      ended = true
      clearInterval(timer)
      await running
    },
  }
}

/** Returns how many were removed. Who writes one of them anew meanwhile waits, and then writes it after it was removed. */
export async function removeSpareObjects(
  { db }: Database,
  store: ObjectStore,
  { grace = graceSeconds, stop = () => false }: { grace?: number; stop?: () => boolean } = {},
): Promise<number> {
  let removed = 0
  while (!stop()) {
    const looked = await db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ object: Buffer; used: boolean }>`
        select object, exists (select from mails m where m.raw_object = s.object) as used from spare_objects s
        where since <= now() - make_interval(secs => ${grace}) order by object limit ${atOnce} for update skip locked`.execute(trx)
      for (const { object, used } of rows) {
        if (used) continue
        await store.remove(object)
        removed++
      }
      await sql`delete from spare_objects where object = any(${rows.map(({ object }) => object)}::bytea[])`.execute(trx)
      return rows.length
    })
    if (looked < atOnce) break
  }
  return removed
}
