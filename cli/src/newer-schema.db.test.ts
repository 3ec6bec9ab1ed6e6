import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { loadArchive, writeArchive } from '@ruadar/platform'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useDatabase, withBareDatabase } from '../../tests/harness/postgres.ts'
import { startNode } from '../../tests/harness/process.ts'
import { readTableContents } from '../../tests/harness/table-contents.ts'

const database = useDatabase()
const folder = mkdtempSync(join(tmpdir(), 'ruadar-newer-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const setLedger = (statement: string) => database().pool.query(statement)
const refusal = 'The database was migrated by a newer Ruadar (9999_later.sql). Start that version, or restore a backup of this one.'

beforeAll(() => setLedger(`insert into migrations (name, checksum) values ('9999_later.sql', '0')`))

/** Every command that opens a database, and the processes of the scaled mode. */
const commands: [string, string[]][] = [
  ['cli/bin/ruadar.js', ['start']],
  ['cli/bin/ruadar.js', ['migrate']],
  ['cli/bin/ruadar.js', ['import', 'package.json']],
  ['cli/bin/ruadar.js', ['token', 'create', '--name', 'x']],
  ['cli/bin/ruadar.js', ['doctor']],
  ['cli/bin/ruadar.js', ['verify']],
  ['cli/bin/ruadar.js', ['backup', join(folder, 'x')]],
  ['services/ingest/dist/main.js', []],
  ['services/api/dist/main.js', []],
]

it('refuses a newer schema in one sentence, whatever is started', async () => {
  const before = await readTableContents(database())
  const ended = []
  for (const [file, args] of commands) {
    const running = startNode(file, args, {
      DATABASE_URL: database().url,
      REDIS_URL: 'redis://127.0.0.1:1',
      RUADAR_SECRET_KEY: '07'.repeat(32),
      RUADAR_PORT: '0',
      RUADAR_DATA_DIR: folder,
    })
    await once(running.child, 'close')
    ended.push({ command: args[0] ?? file, code: running.child.exitCode, output: running.output() })
  }
  for (const { command, code, output } of ended) {
    expect([command, code]).toEqual([command, 1])
    expect(output.split('\n').filter((line) => line.includes(refusal))).toHaveLength(1)
    if (command !== 'doctor') expect(output).toBe(`${refusal}\n`)
  }
  expect(await readTableContents(database())).toEqual(before)
})

it('refuses to restore a backup of a newer schema', async () => {
  await setLedger(`delete from migrations where name = '9999_later.sql'`)
  const pieces = (await Readable.from(writeArchive(database().pool)).toArray()) as Buffer[]
  const later = Buffer.concat(pieces).toString('latin1').replace('"0001_house.sql"', '"9999_late.sql_"')
  await withBareDatabase(async (bare) => {
    await expect(loadArchive(bare.pool, Readable.from([Buffer.from(later, 'latin1')]))).rejects.toThrow(
      'The backup does not fit this version: The database was migrated by a newer Ruadar',
    )
    expect(await readTableContents(bare)).toEqual({})
  })
})
