// How fast mails come from an IMAP folder into the table `mails`, and whether memory stays the same meanwhile.
//   npx tsx --conditions=source bench/imap.ts [mails=20000] [bytes=2000]
// Needs Dovecot (apt install dovecot-imapd); PostgreSQL is the embedded one, the queue lives in it and nobody works on it.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startEmbeddedPostgres } from '@ruadar/embedded'
import { migrate, migrateQueue, openDatabase, sql } from '@ruadar/platform'
import { startDovecot } from '../tests/harness/dovecot.ts'
import { mailboxAt, readFolder, smallMail, watchMailboxes } from '../tests/harness/mailboxes.ts'

const mails = Number(process.argv[2] ?? 20_000)
const bytes = Number(process.argv[3] ?? 2000)
const user = 'reports@example.org'
const folder = mkdtempSync(join(tmpdir(), 'ruadar-bench-'))
chmodSync(folder, 0o755) // as root, PostgreSQL runs as another user
const postgres = await startEmbeddedPostgres(folder)
const database = await openDatabase(postgres.url, { name: 'bench' })
await migrate(database)
await migrateQueue(database.pool)
const server = await startDovecot({ users: [{ name: user, password: 'correct' }] })
const filler = `${'x'.repeat(70)}\r\n`.repeat(Math.ceil(bytes / 72))
for (let number = 0; number < mails; number++) server.addMail(user, 'INBOX', smallMail(number, filler))

const megabytes = () => Math.round(process.memoryUsage().rss / 1e6)
const rss: number[] = []
const startedAt = performance.now()
const watched = await watchMailboxes(database, [mailboxAt(server, user, 'correct')])
let last = 0
for (;;) {
  await delay(100)
  const progress = await readFolder(database, user)
  if (progress && progress.fetched - last >= mails / 20) {
    rss.push(megabytes())
    last = progress.fetched
  }
  if (progress?.syncedAt) break
}
const seconds = (performance.now() - startedAt) / 1000
const { rows } = await sql<{ stored: number }>`select count(*)::int as stored from mails`.execute(database.db)
await watched.close()
await server.stop()
await database.close()
await postgres.stop()
rmSync(folder, { recursive: true, force: true })
process.stdout.write(`${rows[0]?.stored} mails of ${bytes} bytes in ${seconds.toFixed(1)} s: ${Math.round(mails / seconds)} mails/s\n`)
process.stdout.write(`RSS in MB at every twentieth: ${rss.join(' ')}\n`)
