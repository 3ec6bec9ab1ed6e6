import { describe, expect, it } from 'vitest'
import { createDatabase, useDatabase } from '../../../tests/harness/postgres.ts'
import { assertMigrated, migrate, openDatabase } from './index.ts'

describe('migrate', () => {
  const database = useDatabase()

  it('has nothing to do on a migrated database', async () => {
    expect(await migrate(database())).toEqual({ applied: [] })
    await assertMigrated(database())
  })

  it('refuses a database that a newer version has migrated', async () => {
    const made = await createDatabase()
    const other = await openDatabase(made.url, { name: 'test' })
    await other.pool.query(`insert into migrations (name, checksum) values ('9999_future.sql', 'x')`)
    await expect(migrate(other)).rejects.toThrow('migrated by a newer Ruadar (9999_future.sql)')
    await expect(assertMigrated(other)).rejects.toThrow('newer Ruadar')
    await other.close()
    await made.drop()
  })

  it('refuses a migration that was changed after it had been applied', async () => {
    const made = await createDatabase()
    const other = await openDatabase(made.url, { name: 'test' })
    await other.pool.query(`update migrations set checksum = 'x' where name = '0001_house.sql'`)
    await expect(migrate(other)).rejects.toThrow('0001_house.sql was changed')
    await other.close()
    await made.drop()
  })

  it('runs once when several processes start together', async () => {
    const made = await createDatabase()
    const pools = await Promise.all([1, 2, 3].map(() => openDatabase(made.url, { name: 'test' })))
    await pools[0]?.pool.query('drop schema public cascade; create schema public')
    const results = await Promise.all(pools.map((pool) => migrate(pool)))
    const applied = results.flatMap((result) => result.applied)
    expect(applied).toContain('0001_house.sql')
    expect(new Set(applied).size).toBe(applied.length)
    await Promise.all(pools.map((pool) => pool.close()))
    await made.drop()
  })
})
