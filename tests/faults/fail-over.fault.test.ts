import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startReplicatedPostgres } from '../harness/replicated-postgres.ts'
import { fault, measure } from './fault.ts'
import { type SharedHouse, startSharedHouse } from './shared-house.ts'
import { expectQuiet, listenTo, untilOver, untilTold } from './told.ts'

const mailCount = measure(40, 500)

describe('two workers and an API on a PostgreSQL with a synchronous replica', () => {
  let house: SharedHouse<Awaited<ReturnType<typeof startServer>>>
  const startServer = async () => {
    const servers = await startReplicatedPostgres({ synchronous: true })
    return { ...servers, url: servers.primaryUrl }
  }
  beforeAll(async () => {
    house = await startSharedHouse('postgres', startServer)
  })
  afterAll(() => house.remove())

  fault('kill -9 of the primary, and the replica takes its place', async () => {
    const { workers, api, database, uploads, truth, postgres } = house
    const processes = [...workers, api()].map((running) => listenTo(running))
    await house.deliver(mailCount, 'before the fail-over')
    await postgres.failOver()
    await house.deliver(mailCount, 'after the fail-over')
    await uploads.settle(database)
    await untilTold(processes, /^PostgreSQL at \S+ is away; what needs it is tried again until it works/, 6)
    await untilTold(processes, /^PostgreSQL at \S+ works again/, 2)
    await untilOver([...workers, api()])
    expectQuiet(processes, 16)
    return { injected: 1, database, truth }
  })

  it('answered 503 meanwhile and nothing worse', () => {
    expect([...house.uploads.refusals()].filter((status) => status !== 503)).toEqual([])
  })

  it('stops as usual', () => house.stop())
})
