import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '@ruadar/platform'
import { SeededRandom } from '@ruadar/reports/generate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase } from '../harness/postgres.ts'
import { runRuadar, type Running, startNode } from '../harness/process.ts'
import { makeDataDir } from '../harness/product.ts'
import { type EmbeddedHouse, endServer, startEmbeddedHouse } from './embedded-house.ts'
import { fault, measure, patience, processesOf } from './fault.ts'

const mailCount = measure(40, 150)
const times = measure(1, 2)
const aborts = measure(3, 6)

function expectRefused(refused: Running | undefined): void {
  expect(refused?.child.exitCode).toBe(1)
  // The whole of it: one sentence and its hint, no stack, nothing of the log.
  expect(refused?.output()).toMatch(/^Ruadar already runs on the data folder \S+ \(process \d+\)\. Stop that one first, .*\n$/)
}

describe('two `ruadar start` on one data folder', () => {
  let house: EmbeddedHouse
  const random = new SeededRandom('two starts')
  beforeAll(async () => {
    house = await startEmbeddedHouse({ withTwo: true })
  })
  afterAll(() => house.remove())

  fault('at the same moment: on a new folder, and right after the one before was killed', async () => {
    expectRefused(house.refused)
    for (let time = 0; time < times; time++) {
      await house.deliver(mailCount, `two ${time}`)
      await house.product().end('SIGKILL')
      expectRefused(await house.startTwo())
    }
    await house.uploads.settle(house.database)
    return { injected: times + 1, database: house.database, truth: house.truth }
  })

  fault('one while the other is being stopped', async () => {
    for (let time = 0; time < times; time++) {
      await house.deliver(mailCount, `stopping ${time}`)
      const stopped = house.product().end('SIGTERM')
      await sleep(random.between(0, 300)) // how far it is then; the outcome must not depend on it
      await house.start()
      expect(await stopped).toBe(0)
      expect(house.product().output()).not.toMatch(/embedded database ended/) // the one that stops ends its own server alone
      await house.reopen()
    }
    await house.uploads.settle(house.database)
    return { injected: times, database: house.database, truth: house.truth }
  })

  it('leaves no process behind', () => house.stop())
})

describe('a start that is stopped before it runs', () => {
  const dataDir = makeDataDir()
  afterAll(async () => {
    await endServer(dataDir)
    rmSync(dataDir, { recursive: true, force: true })
  })

  /** Its database is being made, is being started, and is just there. */
  const moments = [/\binitdb /, /\bpg_ctl start/, /\bpostgres -D /]

  it('ends well and leaves no process behind, whenever it is', async () => {
    for (let abort = 0; abort < aborts; abort++) {
      if (abort % moments.length === 0) rmSync(join(dataDir, 'postgres'), { recursive: true, force: true })
      const started = startNode('cli/bin/ruadar.js', ['start'], { RUADAR_DATA_DIR: dataDir, RUADAR_PORT: '0' })
      const moment = moments[abort % moments.length] ?? /./
      await expect.poll(() => processesOf(dataDir).some((line) => moment.test(line)), { ...patience, interval: 2 }).toBe(true)
      expect(await started.end('SIGTERM')).toBe(0)
      await expect.poll(() => processesOf(dataDir), patience).toEqual([])
      expect(started.output()).not.toMatch(/\n\s+at |"level":[56]0/)
    }
  })
})

describe('two `ruadar migrate` at once', () => {
  it('both end well, and the schema is there once', async () => {
    const { url, drop } = await createDatabase({ bare: true })
    const ended = await Promise.all([1, 2].map(() => runRuadar(['migrate'], { DATABASE_URL: url })))
    expect(ended.map(({ code }) => code)).toEqual([0, 0])
    const database = await openDatabase(url, { name: 'test' })
    const { rows } = await database.pool.query('select name from migrations group by name having count(*) > 1')
    expect(rows).toEqual([])
    await database.close()
    await drop()
  })

  it('also in one data folder, where none runs', async () => {
    const dataDir = makeDataDir()
    const ended = await Promise.all([1, 2].map(() => runRuadar(['migrate'], { RUADAR_DATA_DIR: dataDir })))
    expect(ended.map(({ code, output }) => [code, output])).toEqual([1, 2].map(() => [0, expect.not.stringMatching(/\n\s+at /)]))
    await expect.poll(() => processesOf(dataDir), patience).toEqual([])
    rmSync(dataDir, { recursive: true, force: true })
  })
})
