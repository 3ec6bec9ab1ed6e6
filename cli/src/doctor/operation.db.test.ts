import { loadSettings, sql } from '@ruadar/platform'
import { beforeAll, expect, it } from 'vitest'
import { addWebhookChannel } from '../../../tests/harness/alert-channels.ts'
import { ingestAll } from '../../../tests/harness/ingest.ts'
import { useDatabase } from '../../../tests/harness/postgres.ts'
import { testMail } from '../../../tests/harness/reports.ts'
import { checkClock } from './clock.ts'
import { checkOperation, findLongTransaction } from './operation.ts'

const database = useDatabase()
const settings = loadSettings({ RUADAR_DNS: '192.0.2.53' })
const find = async (what: string) => (await checkOperation(database().db, settings)).find((finding) => finding.what === what)

beforeAll(async () => {
  await ingestAll(database(), [testMail({ reportId: 'unseen', records: [{}] })])
})

it('says that senders are behind, and for how long', async () => {
  expect(await find('senders')).toMatchObject({ ok: true, message: expect.stringMatching(/^1 reports, /) })
  await sql`update reports set stored_at = now() - interval '1 hour'`.execute(database().db)
  expect(await find('senders')).toMatchObject({
    ok: false,
    message: expect.stringMatching(/the oldest for 60 minutes: .* behind\. It waits/),
  })
})

it('finds the transaction that holds them up, not one that only reads', async () => {
  const { db } = database()
  await db.transaction().execute(async (reading) => {
    await sql`select 1 from mails`.execute(reading)
    expect(await findLongTransaction(db, 0)).toBeUndefined()
  })
  await db.transaction().execute(async (writing) => {
    await sql`select pg_current_xact_id()`.execute(writing)
    expect(await findLongTransaction(db, 0)).toMatchObject({ name: 'ruadar test' })
  })
})

it('names each channel that cannot deliver, with its reason', async () => {
  await addWebhookChannel(database(), Buffer.alloc(32, 7), { name: 'Pager', url: 'https://hooks.example/x' })
  expect(await find('channels')).toMatchObject({ ok: true, message: '1 work; 0 deliveries wait.' })
  await sql`update channels set failing_since = now(), last_failure = 'The server said 410.'`.execute(database().db)
  expect(await find('channel Pager')).toEqual({ what: 'channel Pager', ok: false, message: 'It cannot deliver: The server said 410.' })
})

it('says that look-ups fail when most do, and with which words', async () => {
  expect(await find('look-ups')).toMatchObject({ ok: true })
  await sql`
    insert into source_hosts (source_ip, attempts, problem)
    select '203.0.113.0'::inet + n, 3, 'The name server did not answer.' from generate_series(1, 30) n`.execute(database().db)
  expect(await find('look-ups')).toMatchObject({
    ok: false,
    message: '30 addresses could not be looked up, 0 could of late. Most often: The name server did not answer. Check RUADAR_DNS.',
  })
})

it('names a mailbox that fails, and one that nobody watches', async () => {
  await sql`
    with made as (
      insert into mailboxes (definition, status, status_message) values
        ('{"name": "Refused"}', 'failing', 'The password is refused.'), ('{"name": "Left"}', 'watching', null) returning id, definition)
    insert into mailbox_folders (mailbox_id, folder, remaining, synced_at)
    select id, 'INBOX', 40, now() - interval '2 hours' from made where definition->>'name' = 'Left'`.execute(database().db)
  expect(await find('mailbox Refused, as ingest sees it')).toMatchObject({ ok: false, message: 'The password is refused.' })
  expect(await find('mailbox Left, as ingest sees it')).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^It was last in step 120 minutes ago, 40 mails/),
  })
})

it("says that the clock is off against the database's, and in which direction", async () => {
  const { db } = database()
  expect(await checkClock(db)).toMatchObject({ ok: true })
  expect(await checkClock(db, () => Date.now() + 60_000)).toMatchObject({ ok: false, message: expect.stringMatching(/60 s ahead of/) })
  expect(await checkClock(db, () => Date.now() - 60_000)).toMatchObject({ ok: false, message: expect.stringMatching(/60 s behind/) })
})
