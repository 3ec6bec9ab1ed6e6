import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '@ruadar/platform'
import { SeededRandom } from '@ruadar/reports/generate'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EmbeddedHouse, startEmbeddedHouse } from './embedded-house.ts'
import { fault, measure, patience, processesOf } from './fault.ts'
import { expectQuiet, listenTo, untilTold } from './told.ts'

const mailCount = measure(40, 150)
const times = measure(1, 2)
const kills = measure(2, 4)
/** Rows that a session counts while its server is killed: it looks at nothing else meanwhile. */
const countedRows = measure(10_000_000, 40_000_000)

describe('`ruadar start` with its embedded PostgreSQL', () => {
  let house: EmbeddedHouse
  const random = new SeededRandom('embedded')
  beforeAll(async () => {
    house = await startEmbeddedHouse()
  })
  afterAll(() => house.remove())

  async function whileWorking(seed: string, inject: () => Promise<void> | void) {
    const { database, uploads, truth } = house
    const processes = [listenTo(house.product())]
    for (let time = 0; time < times; time++) {
      await house.deliver(mailCount, `${seed} ${time}`)
      await inject()
    }
    await uploads.settle(database)
    await untilTold(processes, /^The embedded database ended; it is being started again\./, times)
    await untilTold(processes, /^The embedded database runs again\./, times)
    expectQuiet(processes, 12 + 8 * times)
    return { injected: times, database, truth }
  }
  const killServer = () => void process.kill(house.postmaster(), 'SIGKILL')

  fault('kill -9 of a session, so that the server starts all of them anew', () =>
    whileWorking('session', async () => {
      const { rows } = await sql<{ pid: number }>`
        select pid from pg_stat_activity
        where backend_type = 'client backend' and application_name like 'ruadar %' and pid <> pg_backend_pid()
        order by state = 'active' desc, random() limit 1`.execute(house.database.db)
      process.kill(rows[0]?.pid ?? Number.NaN, 'SIGKILL')
    }),
  )

  fault('kill -9 of the server', () => whileWorking('server', killServer))

  // The session that is killed and the server take the same way back; here the old one holds its memory for a while.
  fault('kill -9 of the server while a session of it computes on', () =>
    whileWorking('busy', async () => {
      const busy = new pg.Client({ connectionString: house.database.url })
      busy.on('error', () => undefined)
      await busy.connect()
      const computing = busy.query(`select count(*) from generate_series(1, ${countedRows})`).catch(() => undefined)
      await sleep(100)
      killServer()
      await computing
      await busy.end().catch(() => undefined)
    }),
  )

  fault('kill -9 of all of it, and once more while it starts', async () => {
    const { database, uploads, truth } = house
    for (let kill = 0; kill < kills; kill++) {
      await house.deliver(mailCount, `start ${kill}`)
      await sleep(random.between(0, 150)) // where it is in its work then; the outcome must not depend on it
      await house.product().end('SIGKILL')
      if (kill % 3 === 1) {
        const again = house.launch()
        await sleep(random.between(100, 1500))
        await again.end('SIGKILL')
      }
      await house.start()
    }
    await uploads.settle(database)
    expectQuiet([listenTo(house.product(), 0)], 5)
    return { injected: kills + Math.floor((kills + 1) / 3), database, truth }
  })

  it('leaves no process behind when it is stopped while it starts its server again', async () => {
    await house.uploads.stop()
    for (let time = 0; time < times; time++) {
      if (time > 0) await house.start()
      const told = listenTo(house.product())
      killServer()
      await untilTold([told], /^The embedded database ended/, 1)
      await sleep(random.between(0, 400))
      expect(await house.product().end('SIGINT')).toBe(0)
      await expect.poll(() => processesOf(house.dataDir), patience).toEqual([])
    }
  })
})
