import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { openDatabase, sql } from '@ruadar/platform'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDatabase } from '../harness/postgres.ts'
import { checkout, type Running, runRuadar, startNode } from '../harness/process.ts'
import { type Product, startProduct } from '../harness/product.ts'
import { type Exported, metricsAskedFor, parseMetrics } from '../harness/prometheus.ts'
import { testMail } from '../harness/reports.ts'

const patience = { timeout: 30_000, interval: 200 }
/** Nothing listens there: a mailbox that fails at once. */
const nowhere = (user: string) => `imap://${user}:password@127.0.0.1:1/INBOX`

let env: Record<string, string>
let drop: () => Promise<void>
let product: Product
let worker: Running | undefined
let bearer: { authorization: string }

beforeAll(async () => {
  const made = await createDatabase()
  drop = made.drop
  env = { DATABASE_URL: made.url, RUADAR_SECRET_KEY: '07'.repeat(32), RUADAR_IMAP_URL: nowhere('first') }
  product = await startProduct({ env: { ...env, RUADAR_LOG_LEVEL: 'debug' } })
  const token = await runRuadar(['token', 'create', '--name', 'prometheus'], env)
  bearer = { authorization: `Bearer ${token.stdout.trim()}` }
})
afterAll(async () => {
  if (worker?.child.exitCode === null) await worker.end('SIGKILL')
  await product.stop()
  product.remove()
  await drop()
})

async function scrape(): Promise<Exported> {
  const answer = await fetch(`${product.url}/metrics`, { headers: bearer })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')])
  return parseMetrics(await answer.text())
}

/** The lines of the log, which is JSON where nobody sits at a terminal. */
const logged = (message: string): Record<string, unknown>[] =>
  product.running
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes(message))
    .map((line) => JSON.parse(line) as Record<string, unknown>)

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

it('counts what it does for those who may ask, without a name from a report in it', async () => {
  expect((await fetch(`${product.url}/metrics`)).status).toBe(401)
  const form = new FormData()
  const mail = testMail({ reportId: 'counted', records: [{ count: 3 }, { count: 4, sourceIp: '192.0.2.77' }] })
  form.append('file', new Blob([new Uint8Array(mail)]), 'counted.eml')
  form.append('file', new Blob(['no mail at all']), 'junk.zip')
  const upload = await fetch(`${product.url}/api/v1/reports`, { method: 'POST', headers: bearer, body: form })
  expect(upload.status).toBeLessThan(300)
  await fetch(`${product.url}/api/v1/summary`, { headers: bearer })
  const exported = await scrape()
  const counts = [
    'ruadar_mails_stored_total{origin="upload"}',
    'ruadar_mails_read_total{outcome="imported"}',
    'ruadar_reports_total{kind="aggregate",outcome="imported"}',
    'ruadar_records_stored_total',
    'ruadar_house_up',
    'ruadar_queue_jobs{queue="mails",state="waiting"}',
    'ruadar_queue_jobs{queue="lookups",state="waiting"}',
    'ruadar_answer_seconds_count{question="getSummary",status="2xx"}',
  ].map((series) => exported.value(series))
  expect(counts).toEqual([2, 1, 1, 2, 1, 0, 0, 1])
  expect(exported.value('ruadar_query_seconds_count{question="getSummary"}')).toBeGreaterThan(0)
  expect(exported.value('ruadar_job_seconds_count{queue="mails",result="done"}')).toBeGreaterThan(0)
  expect(exported.text).not.toMatch(/example|192\.0\.2|counted/)
})

it('leads from a mail to its rows in the log, by one id', async () => {
  const read = logged('mail read').find(({ outcome }) => outcome === 'imported')
  expect(read).toMatchObject({ level: 20, question: 'job mails', job: expect.stringMatching(/^mail-/), records: 2 })
  const stored = logged('mail stored').filter(({ mail }) => mail === read?.['mail'])
  expect(stored).toMatchObject([{ level: 20, origin: 'upload', question: 'uploadReports' }])
  const [report = ''] = (read?.['reports'] ?? []) as string[]
  const answer = await fetch(`${product.url}/api/v1/reports/${report.replace('aggregate ', '')}`, { headers: bearer })
  expect(await answer.json()).toMatchObject({ reportId: 'counted', messages: 7 })
})

it('exports every number that the dashboard for Grafana asks for', async () => {
  const dashboard = JSON.parse(readFileSync(`${checkout}docs/grafana/ruadar.json`, 'utf8')) as Parameters<typeof metricsAskedFor>[0]
  const { kinds } = await scrape()
  const asked = metricsAskedFor(dashboard)
  expect(asked.filter((name) => !kinds.has(name) && kinds.get(name.replace(/_(bucket|sum|count)$/, '')) !== 'histogram')).toEqual([])
  const own = [...kinds.keys()].filter((name) => name.startsWith('ruadar_'))
  const operation = readFileSync(`${checkout}docs/operation.md`, 'utf8')
  expect(own.filter((name) => !operation.includes(`\`${name}`))).toEqual([])
  expect(asked.length).toBeGreaterThan(20)
})

it('takes up a mailbox that is added on the page, without a new start', async () => {
  const input = {
    name: 'Added',
    host: '127.0.0.1',
    port: 1,
    security: 'tls',
    user: 'added',
    auth: { kind: 'password', password: 'p' },
    folders: ['INBOX'],
    afterwards: { action: 'leave' },
  }
  const answer = await fetch(`${product.url}/api/v1/mailboxes`, {
    method: 'POST',
    headers: { ...bearer, 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
  const { id } = (await answer.json()) as { id: number }
  await expect.poll(async () => (await scrape()).value(`ruadar_mailbox_failing{mailbox="${id}"}`), patience).toBe(1)
})

it('tells alive from ready on a worker too, and doctor names what two processes do to each other', async () => {
  const port = await freePort()
  worker = startNode('services/ingest/dist/main.js', [], {
    ...env,
    RUADAR_IMAP_URL: nowhere('second'),
    RUADAR_METRICS_PORT: String(port),
    RUADAR_METRICS: 'open',
  })
  await worker.waitFor(/ingest runs/)
  const at = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
  expect([(await at('/healthz')).status, (await at('/readyz')).status]).toEqual([200, 200])
  const exported = parseMetrics(await (await at('/metrics')).text())
  expect([exported.kinds.get('ruadar_job_seconds'), exported.kinds.has('process_cpu_seconds_total')]).toEqual(['histogram', true])
  const database = await openDatabase(env['DATABASE_URL'] ?? '', { name: 'test' })
  try {
    await expect
      .poll(async () => {
        const { rows } = await sql`
          select distinct application_name from pg_stat_activity
          where datname = current_database() and application_name like 'ruadar mailboxes %'`.execute(database.db)
        return rows.length
      }, patience)
      .toBe(2)
    const { code, output } = await runRuadar(['doctor'], env)
    expect(output).toMatch(/^FAIL {2}mailbox settings: Ingest runs with 2 different sets of mailboxes/m)
    expect(output).toMatch(/^FAIL {2}mailbox .*: These settings name it, a process with other settings switched it off/m)
    expect(output).toMatch(/^FAIL {2}mailbox Added, as ingest sees it: /m)
    expect(output).toMatch(/^FAIL {2}quarantine: .*it grew by 1 within a day/m)
    expect(output).toMatch(/^ok {4}clock: /m)
    expect(output).toMatch(/^ok {4}senders: /m)
    expect(code).toBe(1)

    await sql`insert into migrations (name, checksum) values ('9999_later.sql', 'x')`.execute(database.db)
    for (const ready of [await fetch(`${product.url}/readyz`), await at('/readyz')]) {
      expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining('newer Ruadar (9999_later.sql)')])
    }
    expect([(await fetch(`${product.url}/healthz`)).status, (await at('/healthz')).status]).toEqual([200, 200])
  } finally {
    await database.close()
  }
})
