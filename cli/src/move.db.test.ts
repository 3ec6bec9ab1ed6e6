import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@ruadar/embedded'
import { openDatabase } from '@ruadar/platform'
import { expect, it } from 'vitest'
import { findDifferences } from '../../tests/harness/differences.ts'
import { createDatabase } from '../../tests/harness/postgres.ts'
import { runRuadar } from '../../tests/harness/process.ts'
import { makeDataDir } from '../../tests/harness/product.ts'
import { randomMails } from '../../tests/harness/reports.ts'
import { readTableContents } from '../../tests/harness/table-contents.ts'

it('moves the embedded database to a server once, never beside a running Ruadar, and backs it up while one runs', async () => {
  const dataDir = makeDataDir()
  const bare = await createDatabase({ bare: true })
  const ruadar = (...args: string[]) => runRuadar(args, { RUADAR_DATA_DIR: dataDir })
  const move = ['move', '--to', bare.url]
  const { mails, truth } = randomMails(20, 'move')
  for (const [index, mail] of mails.entries()) writeFileSync(join(dataDir, `mail-${index}`), mail)
  expect((await ruadar('import', ...mails.map((_, index) => join(dataDir, `mail-${index}`)))).code).toBe(0)

  const running = await startEmbeddedPostgres(dataDir)
  try {
    const [moved, backedUp] = await Promise.all([ruadar(...move), ruadar('backup', join(dataDir, 'backup'))])
    expect(moved.code).toBe(1)
    expect(moved.output).toContain(`Ruadar already runs on the data folder ${dataDir}`)
    expect(backedUp.code).toBe(0)
    expect(existsSync(join(dataDir, 'backup'))).toBe(true)
  } finally {
    await running.stop()
  }
  const moved = await ruadar(...move)
  expect(moved.stdout).toMatch(/^Moved \d+ tables with \d+ rows as of \S+; all were read back and are the same\.\n/)
  const { password, host, pathname, username } = new URL(bare.url)
  expect(moved.stdout).toContain(
    `Next: set DATABASE_URL to postgres://${username}:…@${host}${pathname}, and RUADAR_SECRET_KEY to what ${dataDir}`,
  )
  expect(moved.output).not.toContain(password)

  const copy = await openDatabase(bare.url, { name: 'test' })
  const source = await startEmbeddedPostgres(dataDir)
  const original = await openDatabase(source.url, { name: 'test' })
  try {
    expect(await readTableContents(copy)).toEqual(await readTableContents(original))
    const { rows } = await copy.pool.query('select sum(messages)::bigint as messages, count(*) as reports from reports')
    expect(rows).toEqual([{ messages: truth.messages, reports: 20 }])
    expect(await findDifferences(copy)).toEqual([])
  } finally {
    await Promise.all([original.close(), copy.close()])
    await source.stop()
  }
  expect((await ruadar(...move)).output).toContain('The database is not empty')
  await bare.drop()
  rmSync(dataDir, { recursive: true, force: true })
})
