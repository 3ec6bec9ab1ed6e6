import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type Database, loadArchive, loadSettings, openDatabase, openQueue, sql, uncompressArchive } from '@ruadar/platform'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sweepOnce } from '../../services/ingest/src/sweep.ts'
import { loadNaming } from '../../services/ingest/src/senders/naming.ts'
import { followReports } from '../../services/ingest/src/senders/pass.ts'
import { findDifferences } from '../../tests/harness/differences.ts'
import { ingestAll } from '../../tests/harness/ingest.ts'
import { failureMail, tlsJson } from '../../tests/harness/other-kinds.ts'
import { createDatabase, useDatabase, withBareDatabase } from '../../tests/harness/postgres.ts'
import { checkout, runRuadar } from '../../tests/harness/process.ts'
import { randomMails, testMail } from '../../tests/harness/reports.ts'
import { readTableContents } from '../../tests/harness/table-contents.ts'

const database = useDatabase()
const folder = mkdtempSync(join(tmpdir(), 'ruadar-backup-'))
const file = join(folder, 'ruadar.backup')
const backUp = (...args: string[]) => runRuadar(['backup', ...args], { DATABASE_URL: database().url })

beforeAll(async () => {
  const old = testMail({ day: -6000, reportId: 'old', records: [{ count: 5 }] }) // before the first partition of a month
  await ingestAll(database(), [...randomMails(30, 'backup').mails, old, old.subarray(0, 200), tlsJson(), failureMail()])
  await followReports(database().db, await loadNaming(database().db, undefined))
  await database().pool.query(`
    insert into users (name, password_hash) values ('operator', 'none');
    insert into sessions (hash, user_id, expires_at) select '\\x02', id, now() + interval '1 year' from users;
    insert into mails (hash, origin, size, raw, queued_at) values ('\\xaa', 'upload', 4, '\\x00ff0a5c', now());
    insert into api_tokens (name, hash) values ('tab \t, line \n, backslash \\ and ü', '\\x01'), ('gone', '\\x02');
    delete from api_tokens where name = 'gone'`)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('restores every row of every table, and nothing that belongs to one server', async () => {
  const { code, output } = await backUp(file)
  expect(output).toContain('Backed up ')
  expect(code).toBe(0)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['ruadar.backup'])
  const bare = await createDatabase({ bare: true })
  const restored = await runRuadar(['restore', file], { DATABASE_URL: bare.url })
  expect(restored.output).toContain('all were read back and are the same')
  expect(restored.code).toBe(0)

  const copy = await openDatabase(bare.url, { name: 'test' })
  const [wanted, found] = [await readTableContents(database()), await readTableContents(copy)]
  expect(Number(wanted.records?.split(' ')[0])).toBeGreaterThan(100)
  expect(Object.keys(found)).toEqual(Object.keys(wanted))
  const same = Object.keys(wanted).filter((name) => found[name] === wanted[name])
  const different = Object.keys(wanted).filter((name) => found[name] !== wanted[name])
  expect(same.length).toBeGreaterThan(40)
  expect(different).toEqual(['mails', 'sender_progress', 'sessions'])
  expect(found.sessions).toBe('0 ')
  expect(await readRules(copy)).toEqual(await readRules(database()))
  // Ids go on behind the one that was deleted.
  await copy.pool.query(`insert into api_tokens (name, hash) values ('next', '\\x03')`)
  const { rows } = await copy.pool.query(`select id from api_tokens order by id`)
  expect(rows).toEqual([{ id: 1 }, { id: 3 }])
  // The job of the mail that waited has stayed behind: it is given a new one at once.
  const queue = await openQueue(loadSettings({}), copy)
  expect(await sweepOnce(copy, queue)).toBe(1)
  await queue.close()
  // Senders are followed anew: ids of transactions mean nothing here.
  expect((await sql`select from reports where changed_in::text::bigint > txid_current()`.execute(copy.db)).rows).toEqual([])
  await followReports(copy.db, await loadNaming(copy.db, undefined))
  expect(await findDifferences(copy)).toEqual([])
  await copy.close()

  const again = await runRuadar(['restore', file], { DATABASE_URL: bare.url })
  expect(again).toMatchObject({ code: 1, stdout: '' })
  expect(again.output).toMatch(/^The database is not empty: it holds public\.\w+\. Restore into a new, empty one\.\n$/)
  await bare.drop()
})

/** Indexes and constraints, which a restore takes away for a while. */
async function readRules({ pool }: Database): Promise<string[]> {
  const { rows } = await pool.query<{ rule: string }>(`
    select indexdef as rule from pg_indexes where schemaname = 'public'
    union select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace
    union select c.oid::regclass || ' ' || pg_get_expr(c.relpartbound, c.oid) from pg_class c where c.relispartition and c.relkind = 'r'
    order by 1`)
  return rows.map(({ rule }) => rule)
}

it('replaces a file only when told to, and leaves no half of one behind', async () => {
  const before = readFileSync(file)
  expect(await backUp(file)).toMatchObject({
    code: 1,
    output: `${file} exists already. Choose another name, or replace it with --force.\n`,
  })
  expect(readFileSync(file).equals(before)).toBe(true)
  expect((await backUp(join(folder, 'missing', 'x'))).output).toContain('cannot be written (ENOENT)')
  expect((await backUp('--force', file)).code).toBe(0)
  expect(readdirSync(folder)).toEqual(['ruadar.backup'])
})

it('refuses a file that was cut or changed, wherever, and leaves the database empty', async () => {
  const whole = readFileSync(file)
  const flipped = [0.001, 0.1, 0.3, 0.6, 0.9, 0.999].map((share) => {
    const bytes = Buffer.from(whole)
    const at = Math.min(Math.floor(share * bytes.length) + 10, bytes.length - 1) // gzip does not check the ten bytes at its start, which say nothing
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
    return bytes
  })
  const cut = [0, 5, 200, Math.floor(whole.length / 2), whole.length - 1].map((length) => whole.subarray(0, length))
  await withBareDatabase(async (bare) => {
    const load = (bytes: Buffer) => loadArchive(bare.pool, uncompressArchive(Readable.from([bytes])))
    for (const bytes of [...flipped, ...cut, Buffer.concat([whole, whole])]) {
      await expect(load(bytes)).rejects.toThrow(
        /^(The backup is damaged or was cut off \(.*\): nothing was restored|This is no backup of Ruadar)\.$/,
      )
      expect(await readTableContents(bare)).toEqual({})
    }
    writeFileSync(join(folder, 'cut'), whole.subarray(0, -20))
    const { code, output } = await runRuadar(['restore', join(folder, 'cut')], { DATABASE_URL: bare.url })
    expect(code).toBe(1)
    expect(output.trim().split('\n').at(-1)).toMatch(/^The backup is damaged or was cut off .* Take another copy of it\.$/)
    expect(await readTableContents(bare)).toEqual({})
    expect((await load(whole)).rows).toBeGreaterThan(100)
  })
})

it('takes one moment while reports come in, from pipe to pipe', async () => {
  await database().pool.query(`delete from mails where state = 'stored'`) // nothing else has to wait for it
  let isOver = false
  let batch = 0
  const writing = (async () => {
    while (!isOver) await ingestAll(database(), randomMails(10, `during-${++batch}`).mails)
  })()
  const bare = await createDatabase({ bare: true })
  const ruadar = `"${process.execPath}" "${checkout}cli/bin/ruadar.js"`
  const script = `DATABASE_URL="$FROM" ${ruadar} backup - | DATABASE_URL="$TO" ${ruadar} restore -`
  const { PATH, HOME } = process.env
  const pipe = spawn('sh', ['-c', script], { env: { PATH, HOME, FROM: database().url, TO: bare.url }, stdio: ['ignore', 'ignore', 'pipe'] })
  const told = pipe.stderr.setEncoding('utf8').toArray()
  const [code] = await once(pipe, 'close')
  isOver = true
  await writing
  expect([code, (await told).join('')]).toEqual([0, expect.stringContaining('Backed up ')])
  const copy = await openDatabase(bare.url, { name: 'test' })
  expect(await findDifferences(copy)).toEqual([])
  const reports = async (of: Database) => Number((await readTableContents(of)).reports?.split(' ')[0])
  expect(await reports(copy)).toBeGreaterThan(30)
  expect(await reports(copy)).toBeLessThan(await reports(database()))
  await copy.close()
  await bare.drop()
  expect(existsSync(join(checkout, '-'))).toBe(false)
})
