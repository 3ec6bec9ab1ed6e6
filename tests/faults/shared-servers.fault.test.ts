import { setTimeout as sleep } from 'node:timers/promises'
import { SeededRandom } from '@ruadar/reports/generate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOwnPostgres } from '../harness/own-postgres.ts'
import { fault, measure } from './fault.ts'
import { startSharedHouse, type SharedHouse } from './shared-house.ts'
import { databaseInjections, type Injection, queueInjections } from './shared-injections.ts'
import { expectQuiet, listenTo, untilOver, untilTold } from './told.ts'
import { startTokenMaker } from './token-maker.ts'

const mailCount = measure(40, 500)
const kills = measure(2, 12)
const isFull = measure(0, 1) === 1

const { restarted, crashed, cut, readOnly } = databaseInjections
const each = (injections: readonly Injection[]) => injections.map((injection) => [injection])
/** The short measure injects several in a row before it looks, and not every one on both queues. */
const groups: Record<'postgres' | 'redis', readonly (readonly Injection[])[]> = {
  postgres: isFull ? each(Object.values(databaseInjections)) : [[crashed, readOnly]],
  redis: isFull ? each([crashed, readOnly, ...queueInjections]) : [[restarted, cut, ...queueInjections]],
}

describe.each(['postgres', 'redis'] as const)('two workers and an API on shared servers, queue on %s', (backend) => {
  let house: SharedHouse
  beforeAll(async () => {
    house = await startSharedHouse(backend, startOwnPostgres)
  })
  afterAll(() => house.remove())

  for (const injections of groups[backend]) {
    const name = injections.map((injection) => injection.name).join('; ')
    fault(name, async () => {
      const { workers, api, database, uploads, truth } = house
      for (const { told, over, inject, name: one } of injections) {
        const processes = [...workers, api()].map((running) => listenTo(running))
        await house.deliver(mailCount, `${backend} ${one}`)
        await inject(house)
        await untilTold(processes, told, 6)
        if (over) await untilTold(processes, over, 2)
        await untilOver([...workers, api()])
        expectQuiet(processes, 16)
      }
      await uploads.settle(database)
      return { injected: injections.length, database, truth }
    })
  }

  it('answered 503 while the database was away and nothing worse, and everything else at once', () => {
    expect([...house.uploads.refusals()].filter((status) => status !== 503)).toEqual([])
  })

  fault('kill -9 of the API in the middle of uploads and of what people change', async () => {
    const { database, uploads, truth, apiUrl } = house
    const [link = ''] =
      house
        .api()
        .output()
        .match(/http\S+\/setup#\S+/) ?? []
    const tokens = await startTokenMaker(apiUrl, link)
    const random = new SeededRandom('kills of the API', backend)
    for (let kill = 0; kill < kills; kill++) {
      await house.deliver(measure(20, 60), `${backend} API ${kill}`)
      await sleep(random.between(0, 100)) // where it is in its work then; the outcome must not depend on it
      await house.killApi()
    }
    await uploads.settle(database)
    expect(await tokens.settle(database)).toBeGreaterThan(0)
    return { injected: kills, database, truth }
  })

  it('stops as usual', () => house.stop())
})
