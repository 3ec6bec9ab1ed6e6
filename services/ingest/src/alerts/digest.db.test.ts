import { createLog, loadSettings, sealSecrets, sql } from '@ruadar/platform'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { useDatabase } from '../../../../tests/harness/postgres.ts'
import { type SmtpServer, startSmtpServer } from '../../../../tests/harness/smtp-server.ts'
import { startDeliveries } from './deliver.ts'
import { loadDigest } from './digest-data.ts'
import { makeDueDigests } from './digest-schedule.ts'

const database = useDatabase()
const settings = { ...loadSettings({ RUADAR_PUBLIC_URL: 'https://ruadar.example' }), secretKey: Buffer.alloc(32, 7) }
const log = createLog({ logLevel: 'silent' }, 'test')
const monday = () => new Date('2026-11-23T06:30:00Z')
const account = { user: 'alerts@example.com', password: 'a secret word' }

let server: SmtpServer
beforeAll(async () => {
  server = await startSmtpServer({ security: 'starttls', ...account })
  await sql`select ensure_months('{2026-11-08}')`.execute(database().db)
  await sql`
    with d as (insert into domains (name) values ('example.com'), ('example.net') returning id, name),
      r as (insert into reporters (name) values ('mail.example'), ('example.org') returning id, name),
      s as (insert into senders (key, name, kind) values ('known:letters', 'Letters', 'newsletter'), ('domain:example.org', 'example.org', 'domain')
        returning id, name),
      t as (
        insert into daily_totals (domain_id, day, reporter_id, disposition, dkim, spf, messages, records, reports, conflicts, last_at)
        select d.id, day::date, r.id, 'none'::disposition, v.dkim::verdict, 'fail'::verdict, v.messages, 1, 0, 0, now()
        from d, r, (values ('pass', 90), ('fail', 10)) v (dkim, messages),
          generate_series('2026-11-08'::date, '2026-11-21'::date, interval '1 day') day
        where d.name = 'example.com' and (r.name = 'mail.example' or day < '2026-11-15')
        union all
        select d.id, '2026-11-20', r.id, 'none'::disposition, 'pass'::verdict, 'pass'::verdict, 5, 1, 0, 0, now() from d, r where d.name = 'example.net' and r.name = 'mail.example'),
      e as (
        insert into daily_senders (domain_id, day, sender_id, reporter_id, disposition, dkim, spf, messages, records)
        select d.id, '2026-11-20', s.id, r.id, 'none', 'fail', 'fail', case s.name when 'Letters' then 60 else 10 end, 1
        from d, r, s where d.name = 'example.com' and r.name = 'mail.example')
    insert into sender_domains (domain_id, sender_id, state, decided, first_day, last_day, diagnosis, diagnosis_facts, task)
    select d.id, s.id, (case s.name when 'Letters' then 'approved' else 'unknown' end)::sender_state, s.name = 'Letters',
      case s.name when 'Letters' then '2026-01-01'::date else '2026-11-19'::date end, '2026-11-21'::date,
      case s.name when 'Letters' then 'not_signed' end, '{"facts":{"from":"example.com"}}', case s.name when 'Letters' then 'open' end
    from d, s where d.name = 'example.com'`.execute(database().db)
  await sql`
    insert into alerts (rule, key, domain_id, day, facts, noticed)
    select 'failing_rise', 'x', id, '2026-11-20', '{"failing":30,"usual":10,"messages":100}', true from domains where name = 'example.com'`.execute(
    database().db,
  )
})
afterAll(() => server.close())
beforeEach(async () => {
  await sql`truncate channels restart identity cascade`.execute(database().db)
})

async function addChannel(
  name: string,
  { digest = 'weekly', domains = null, enabled = true }: { digest?: string; domains?: string[] | null; enabled?: boolean } = {},
) {
  const definition = {
    kind: 'email',
    host: server.host,
    port: server.port,
    security: 'starttls',
    user: account.user,
    to: ['ana@example.org'],
    acceptInvalidCertificate: true,
  }
  const secrets = sealSecrets({ password: account.password }, settings.secretKey)
  await sql`
    insert into channels (name, kind, definition, secrets, language, digest, domains, enabled)
    values (${name}, 'email', ${JSON.stringify(definition)}::jsonb, ${secrets}, 'en', ${digest}, ${domains}::text[], ${enabled})`.execute(
    database().db,
  )
}
const make = (now = monday) => makeDueDigests({ database: database(), settings, log, now })
const handed = async () =>
  (
    await sql<{ name: string; key: string }>`
    select c.name, d.key from deliveries d join channels c on c.id = d.channel_id order by d.id`.execute(database().db)
  ).rows

describe('the numbers of a digest', () => {
  it('are those of the period and of the one before', async () => {
    const data = await loadDigest(database().db, { from: '2026-11-15', to: '2026-11-22', domains: null })
    expect(data).toMatchObject({ messages: 705, pass: 635, domainCount: 2, alertCount: 1, unknownSenders: 1 })
    expect(data.domains[0]).toEqual({
      domain: 'example.com',
      messages: 700,
      pass: 630,
      reporters: 1,
      before: { messages: 1400, pass: 1260 },
      failing: [
        { sender: 'Letters', failing: 60, repairable: true, cause: { code: 'not_signed', facts: { from: 'example.com' } } },
        { sender: 'example.org', failing: 10, repairable: false, cause: null },
      ],
      newSenders: ['example.org'],
      newSenderCount: 1,
      openTasks: 1,
      silent: ['example.org'],
    })
  })

  it('are those of the chosen domains only, and of their alerts', async () => {
    const data = await loadDigest(database().db, { from: '2026-11-15', to: '2026-11-22', domains: ['example.net'] })
    expect(data).toMatchObject({ messages: 5, pass: 5, domainCount: 1, alertCount: 0, unknownSenders: 0 })
  })
})

describe('digests', () => {
  it('are made once, though several processes look several times', async () => {
    await addChannel('weekly')
    const made = await Promise.all([make(), make(), make()])
    expect(made.reduce((sum, count) => sum + count, 0)).toBe(1)
    expect(await make()).toBe(0)
    expect(await handed()).toEqual([{ name: 'weekly', key: 'digest:2026-11-15:2026-11-22' }])
  })

  it('go to the channels that want them, for their domains', async () => {
    await addChannel('daily', { digest: 'daily' })
    await addChannel('none', { digest: 'none' })
    await addChannel('off', { enabled: false })
    await addChannel('other domain', { domains: ['example.net'] })
    expect(await make()).toBe(2)
    expect((await handed()).map(({ name }) => name)).toEqual(['daily', 'other domain'])
  })

  it('are not made when there is nothing to say', async () => {
    await addChannel('nothing', { domains: ['nothing.example'] })
    expect(await make()).toBe(0)
    const { rows } = await sql<{ delivery_id: number | null }>`select delivery_id from digest_runs`.execute(database().db)
    expect(rows).toEqual([{ delivery_id: null }])
  })

  it('are not made before their hour', async () => {
    await addChannel('weekly')
    expect(await make(() => new Date('2026-11-23T05:59:00Z'))).toBe(0)
  })

  it('arrive over STARTTLS, as text and as HTML', async () => {
    await addChannel('weekly')
    await make()
    const deliveries = await startDeliveries({ database: database(), settings, log, pollMs: 30 })
    try {
      await vi.waitFor(() => expect(server.mails).toHaveLength(1), { timeout: 20_000 })
    } finally {
      await deliveries.close()
    }
    const [received] = server.mails
    expect(received).toMatchObject({ secure: true, to: ['ana@example.org'] })
    expect(received?.mail.subject).toBe('DMARC digest of 2 domains: 90.1% of 705 messages pass')
    expect(received?.mail.text).toContain('- 700 messages from 1 reporter; 90% pass DMARC (90% in the period before).')
    expect(received?.mail.html).toContain('Repair Letters for example.com')
  })
})
