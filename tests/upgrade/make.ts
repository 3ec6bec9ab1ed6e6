import { createWriteStream, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { startEmbeddedPostgres } from '@ruadar/embedded'
import { compressArchive, type Database, migrate, openDatabase, writeArchive } from '@ruadar/platform'
import { loadNaming } from '../../services/ingest/src/senders/naming.ts'
import { followReports } from '../../services/ingest/src/senders/pass.ts'
import { ingestAll } from '../harness/ingest.ts'
import { failureMail, tlsJson } from '../harness/other-kinds.ts'
import { makeDataDir } from '../harness/product.ts'
import { randomMails, type TestReport, testMail } from '../harness/reports.ts'

/*
 * Makes NNNN.backup of the newest schema, and NNNN.json with what its tables say: run before a next migration is added, built with
 * `npx tsc -b`, as `npx tsx --conditions=source tests/upgrade/make.ts`. The upgrade test restores it ever after.
 */
const here = new URL('./', import.meta.url)
const fixtures = new URL('../../packages/reports/src/fixtures/', import.meta.url)

/** Whatever a record can hold; once more in another wrapping, and with another content under the same key. */
const odd: TestReport = {
  reporter: 'odd.example',
  domain: 'example.org',
  reportId: 'odd-1',
  day: 40,
  records: [
    {
      sourceIp: '2001:db8::25',
      count: 7,
      disposition: 'quarantine',
      dkim: 'fail',
      spf: 'fail',
      headerFrom: 'news.example.org',
      envelopeTo: 'example.net',
      reasons: [{ type: 'mailing_list', comment: 'list of example.net' }],
    },
    {
      sourceIp: '2001:db8::25',
      count: 3,
      disposition: 'reject',
      dkim: 'fail',
      headerFrom: 'example.org',
      reasons: [{ type: 'forwarded', comment: null }],
    },
    { sourceIp: '192.0.2.9', count: 11, envelopeTo: 'example.net' },
  ],
}
const mails = [
  ...randomMails(14, 'upgrade').mails,
  testMail(odd),
  testMail(odd, 'zip'),
  testMail({ ...odd, records: [{ count: 8 }] }),
  testMail({ reporter: 'early.example', domain: 'example.org', reportId: 'early', day: -5200, records: [{ count: 5 }] }),
  Buffer.from('Subject: hello\r\n\r\nno report\r\n'),
  ...['null-report.xml', 'odd-values.xml', 'damaged.xml'].map((name) => readFileSync(new URL(name, fixtures))),
  tlsJson(),
  failureMail(),
]

/** What no mail brings, and a mail that waits. */
const others = `
  insert into users (name, password_hash) values ('operator', 'not a hash');
  insert into api_tokens (name, hash) values ('export', '\\x01');
  insert into sessions (hash, user_id, expires_at) select '\\x02', id, now() + interval '1 year' from users;
  insert into mailboxes (settings_key, definition, secrets)
  values ('imap://dmarc@mail.example', '{"host": "mail.example", "note": "tab\\t and \\\\ and ü"}', '\\x00ff0a5c');
  insert into mailbox_folders (mailbox_id, folder, uid_validity, stored_uid) select id, 'INBOX', 7, 42 from mailboxes;
  insert into mails (hash, origin, size, raw, queued_at) values ('\\xaa', 'upload', 4, '\\x6e6f6e65', now())`

/** In the words of the newest schema: change it with the schema. */
async function readTruth({ pool }: Database): Promise<Record<string, unknown>> {
  const ask = async (statement: string) => (await pool.query<Record<string, unknown>>(statement)).rows
  return {
    mails: await ask('select state::text, count(*) as mails from mails group by 1 order by 1'),
    outcomes: await ask('select outcome::text, count(*) as outcomes from mail_outcomes group by 1 order by 1'),
    reports: await ask(
      'select state::text, count(*) as reports, sum(messages)::bigint as messages, sum(records)::bigint as records from reports group by 1 order by 1',
    ),
    totals: await ask(`
      select d.name as domain, c.day::text, c.disposition::text, c.dkim::text, c.spf::text, sum(c.messages)::bigint as messages, count(*) as records
      from counted_records c join domains d on d.id = c.domain_id group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`),
    ...(
      await ask(`
      select (select count(*) from failure_reports) as failures,
        (select coalesce(sum(successful + failed), 0)::bigint from tls_policies) as "tlsSessions"`)
    )[0],
  }
}

const dataDir = makeDataDir()
const server = await startEmbeddedPostgres(dataDir)
try {
  const database = await openDatabase(server.url, { name: 'upgrade' })
  await migrate(database)
  await ingestAll(database, mails)
  await followReports(database.db, await loadNaming(database.db, undefined))
  await database.pool.query(others)
  const newest = readdirSync(new URL('../../migrations/', import.meta.url))
    .filter((name) => /^\d{4}_/.test(name))
    .sort()
    .at(-1)
    ?.slice(0, 4)
  writeFileSync(new URL(`${newest}.json`, here), `${JSON.stringify(await readTruth(database), null, 2)}\n`)
  await pipeline(Readable.from(writeArchive(database.pool)), compressArchive(), createWriteStream(new URL(`${newest}.backup`, here)))
  await database.close()
} finally {
  await server.stop()
  rmSync(dataDir, { recursive: true, force: true })
}
