import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from '@ruadar/platform'
import { afterAll, expect, it } from 'vitest'
import { openEmbedded } from '../harness/embedded-database.ts'
import { readTotals } from '../harness/ingest.ts'
import { runRuadar } from '../harness/process.ts'
import { type Product, startProduct } from '../harness/product.ts'
import { testMail } from '../harness/reports.ts'
import { mountSmallDisk } from '../harness/small-disk.ts'
import { measure, patience, processesOf, untilExact } from './fault.ts'
import { fillLog } from './full-log.ts'
import { type SentMail, sentMails, truthOf } from './sent-mails.ts'

const disk = mountSmallDisk(300)
const other = mountSmallDisk(200)
const files = mkdtempSync(join(tmpdir(), 'ruadar-files-'))
const env = { RUADAR_DATA_DIR: disk.folder, RUADAR_PORT: '0' }
const backup = join(files, 'whole.backup')
const sent: SentMail[] = []
let product: Product | undefined

afterAll(async () => {
  disk.makeRoom()
  await product?.stop()
  disk.unmount()
  other.unmount()
  rmSync(files, { recursive: true, force: true })
})

const noRoom = /no space left (in|on)|The disk is full/i

/** What an operator is told: a sentence, no stack trace, and exit code 1. */
function expectSentence({ code, output }: { code: number | null; output: string }, sentence: RegExp): void {
  expect(output).toMatch(sentence)
  expect(output).not.toMatch(/\n\s+at |"stack"/)
  expect(code).toBe(1)
}

/** Lets a file go on so far that its last page has room for so many bytes more. */
function endPage(path: string, room: number): void {
  const page = 4096
  const missing = page - room - (statSync(path).size % page)
  appendFileSync(path, `${'-'.repeat((missing < 1 ? missing + page : missing) - 1)}\n`)
}

function writeMails(name: string, mails: readonly SentMail[]): string {
  const folder = join(files, name)
  mkdirSync(folder)
  for (const [index, { raw }] of mails.entries()) writeFileSync(join(folder, `${index}.eml`), raw)
  sent.push(...mails)
  return folder
}

it('says that there is no room for a first start, at whichever step it runs out, and leaves nothing half made', async () => {
  // A cluster takes 47 MB, and a schema 9 MB more.
  const rooms = [48_000_000, 20_000_000, 0, 5_000_000, 17_000_000, 40_000_000, 52_000_000]
  for (const room of rooms.slice(0, measure(1, rooms.length))) {
    disk.fill(room)
    expectSentence(await runRuadar(['start'], env), noRoom)
    expect(processesOf(disk.folder)).toEqual([])
    expect(readdirSync(disk.folder).filter((name) => name.includes('.new-'))).toEqual([])
    rmSync(join(disk.folder, 'postgres'), { recursive: true, force: true })
    disk.makeRoom()
  }
})

it('ends an import for which there is no room with a sentence, and counts its mails once when it is run again', async () => {
  // Rows of a size that there is no room for where a database just has room.
  const records = Array.from({ length: 40_000 }, (_, index) => ({ sourceIp: `198.51.${index >> 8}.${index & 255}` }))
  const large = { raw: testMail({ reportId: 'large', records }), hash: '', truth: { messages: 40_000, dmarcPass: 40_000, reports: 1 } }
  const folder = writeMails('import', [...sentMails(measure(150, 1500), 'import'), large])
  disk.fill(500_000)
  expectSentence(await runRuadar(['import', folder], env), noRoom)
  disk.makeRoom()
  expect((await runRuadar(['import', folder], env)).code).toBe(0)
})

it('refuses an upload for which there is no room, and takes it when there is', async () => {
  product = await startProduct({ dataDir: disk.folder, env })
  const token = (await runRuadar(['token', 'create', '--name', 'upload'], env)).stdout.trim()
  const [mail] = sentMails(1, 'upload')
  if (!mail) throw new Error('no mail')
  // As large as mails with a picture are: what a full page still has room for would hide that there is none.
  const raw = Buffer.concat([mail.raw, Buffer.alloc(3_000_000, 'padding\r\n')])
  const upload = async () => {
    const form = new FormData()
    form.append('file', new File([raw], 'report.eml'))
    return fetch(`${product?.url}/api/v1/reports`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: form })
  }
  const database = await openEmbedded(disk.folder)
  for (const strike of [() => Promise.resolve(), () => fillLog(database)]) {
    disk.fill()
    await strike()
    const refused = await upload()
    expect([refused.status, await refused.json()]).toEqual([503, expect.objectContaining({ code: 'database_full' })])
    disk.makeRoom()
    // A server that needed a segment of its log has ended, and comes back.
    await expect.poll(() => sql`select 1`.execute(database.db).catch(() => null), patience).not.toBeNull()
  }
  sent.push(mail)
  expect((await upload()).status).toBe(200)
  await untilExact(database, truthOf(sent))
  await database.close()
})

it('leaves no backup that is not whole on a full disk, neither a new one nor in place of an old one', async () => {
  const target = join(other.folder, 'ruadar.backup')
  writeFileSync(target, 'an older one')
  other.fill(200_000)
  expectSentence(await runRuadar(['backup', '--force', target], env), /ruadar\.backup cannot be written \(ENOSPC\)/)
  expectSentence(await runRuadar(['backup', join(other.folder, 'second.backup')], env), /second\.backup cannot be written \(ENOSPC\)/)
  other.makeRoom()
  expect(readdirSync(other.folder)).toEqual(['ruadar.backup'])
  expect(readFileSync(target, 'utf8')).toBe('an older one')
  expect((await runRuadar(['backup', backup], env)).code).toBe(0)
  rmSync(target)
})

it('restores a backup whole or not at all', async () => {
  const empty = { RUADAR_DATA_DIR: other.folder, RUADAR_PORT: '0' }
  // Not enough for the rows, for the schema, and for the database itself.
  for (const room of [54_000_000, 48_000_000, 20_000_000].slice(0, measure(1, 3))) {
    other.fill(room)
    expectSentence(await runRuadar(['restore', backup], empty), noRoom)
    rmSync(join(other.folder, 'postgres'), { recursive: true, force: true })
    other.makeRoom()
  }
  expect((await runRuadar(['restore', backup], empty)).code).toBe(0)
  const restored = await startProduct({ dataDir: other.folder, env: empty })
  const database = await openEmbedded(other.folder)
  expect(await readTotals(database)).toEqual({ sums: truthOf(sent), rows: truthOf(sent) })
  await untilExact(database, truthOf(sent))
  await database.close()
  expect(await restored.stop()).toBe(0)
})

it('says at a start that there is no room, and starts when there is', async () => {
  expect(await product?.stop()).toBe(0)
  product = undefined
  // Of the line of PostgreSQL's log that says why, the disk may have room for a part, or for nothing.
  for (const room of [2000, 75, 0]) {
    endPage(join(disk.folder, 'postgres.log'), room)
    disk.fill()
    expectSentence(await runRuadar(['start'], env), noRoom)
    disk.makeRoom()
  }
  product = await startProduct({ dataDir: disk.folder, env })
  const database = await openEmbedded(disk.folder)
  await untilExact(database, truthOf(sent))
  await database.close()
  expect(await product.stop()).toBe(0)
  expect(processesOf(disk.folder)).toEqual([])
})
