import { setTimeout as sleep } from 'node:timers/promises'
import type { IngestSummary, MailItem } from '@ruadar/contract'
import { failurePackings, writeReportMail } from '@ruadar/reports/generate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { corpusMails } from '../harness/corpus.ts'
import { type Dovecot, startDovecot } from '../harness/dovecot.ts'
import { hostileMails } from '../harness/hostile.ts'
import { failureMail, tlsJson } from '../harness/other-kinds.ts'
import { runRuadar } from '../harness/process.ts'
import { type Product, startProduct } from '../harness/product.ts'
import { randomMails, testMail } from '../harness/reports.ts'

const hostile = hostileMails()
const corpus = corpusMails()
const own: Buffer[] = [
  ...randomMails(60, 'every kind').mails,
  ...failurePackings.map((packing) => failureMail({ content: packing }, { packing })),
  ...Array.from({ length: 5 }, (_, index) => tlsMail(`tls-${index}`)),
  testMail({ reportId: 'empty', records: [{ count: 0, sourceIp: '' }] }),
  Buffer.from('From: a@example.com\r\nSubject: Hello\r\n\r\nNo report at all.\r\n'),
]
const mails = distinct([...own, ...corpus, ...Object.values(hostile)])

/** All numbers that pages start from, over every day that the mails tell of. */
interface Totals {
  summary: unknown
  tls: unknown
  failures: unknown
  ingest: IngestSummary
}

describe(`a mailbox with mails of every kind (${corpus.length === 0 ? 'own only: there is no corpus beside this checkout' : `${corpus.length} real ones`})`, () => {
  let dovecot: Dovecot
  let product: Product
  let token: string
  const env = () => ({
    RUADAR_IMAP_URL: `imaps://reports:secret@127.0.0.1:${dovecot.ports.tls}/INBOX`,
    NODE_EXTRA_CA_CERTS: dovecot.caFile,
  })

  beforeAll(async () => {
    dovecot = await startDovecot({
      users: [
        { name: 'reports', password: 'secret' },
        { name: 'copy', password: 'secret' },
      ],
    })
    product = await startProduct({ env: env() })
    token = (await runRuadar(['token', 'create', '--name', 'test'], { RUADAR_DATA_DIR: product.dataDir })).stdout.trim()
    // Only now, so that the API is asked from the first mail on.
    for (const mail of mails) for (const user of ['reports', 'copy']) dovecot.addMail(user, 'INBOX', mail)
  })
  afterAll(async () => {
    if (product.running.child.exitCode === null) await product.running.end('SIGKILL')
    await (await startProduct({ dataDir: product.dataDir })).stop()
    product.remove()
    await dovecot.stop()
  })

  async function ask<T>(path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${product.url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }

  /** Asks the API all the time until every mail is done; the answers it gave meanwhile. */
  async function untilRead(): Promise<number> {
    for (let answers = 0; ; answers++) {
      const { mails: found } = await ask<IngestSummary>('/ingest')
      const all = Object.values(found).reduce((sum, count) => sum + count, 0)
      if (all === mails.length && found.stored === 0) return answers
      await ask('/summary?from=2026-01-01&to=2026-02-01')
      await sleep(20)
    }
  }

  async function totals(): Promise<Totals> {
    const period = 'from=2004-01-01&to=2038-01-01'
    return {
      summary: await ask(`/summary?${period}`),
      tls: await ask(`/tls?${period}`),
      failures: await ask(`/failures?limit=200&${period}`),
      ingest: await ask('/ingest'),
    }
  }

  async function allMails(): Promise<MailItem[]> {
    const found: MailItem[] = []
    for (let after: string | null = ''; after !== null; ) {
      const page: { items: MailItem[]; next: string | null } = await ask(`/ingest/mails?limit=200${after && `&after=${after}`}`)
      found.push(...page.items)
      after = page.next
    }
    return found
  }

  let first: Totals

  it('gives every mail an outcome, ends what is hostile in quarantine, and answers meanwhile', async () => {
    expect(await untilRead()).toBeGreaterThan(0)
    first = await totals()
    const found = await allMails()
    expect(found).toHaveLength(mails.length)
    expect(found.filter(({ outcomes }) => outcomes.length === 0)).toEqual([])
    const broken = ['read_timeout', 'read_memory', 'read_crashed', 'not_storable', 'too_many_starts']
    expect(found.flatMap(({ outcomes }) => outcomes).filter(({ code }) => broken.includes(code ?? ''))).toEqual([])
    expect(first.ingest.mails.quarantined).toBeGreaterThanOrEqual(Object.keys(hostile).length)
  })

  it('comes to the same when everything is read again', async () => {
    const before = await allMails()
    const { mails: again } = await ask<{ mails: number }>('/ingest/read-again', { ids: before.map(({ id }) => id) })
    expect(again).toBeGreaterThan(mails.length / 2)
    await untilRead()
    const outcomesOf = (items: MailItem[]) => items.map(({ id, subject, state, outcomes }) => ({ id, subject, state, outcomes }))
    expect(outcomesOf(await allMails())).toEqual(outcomesOf(before))
    expect(await totals()).toEqual(first)
  })

  it('counts nothing when the same mails come by another mailbox', async () => {
    expect(await product.stop()).toBe(0)
    const other = { ...env(), RUADAR_IMAP_URL: env().RUADAR_IMAP_URL.replace('reports:', 'copy:') }
    product = await startProduct({ dataDir: product.dataDir, env: other })
    for (;;) {
      const { items } = await ask<{ items: { status: string; folders: { remaining: number | null; syncedAt: string | null }[] }[] }>(
        '/mailboxes',
      )
      if (items.some(({ status, folders }) => status === 'watching' && folders.every(({ syncedAt }) => syncedAt !== null))) break
      await sleep(50)
    }
    await untilRead()
    expect(await totals()).toEqual(first)
  })
})

function tlsMail(reportId: string): Buffer {
  const options = { reporter: 'sender.example', policyDomain: 'example.com', begin: 1_773_532_800, end: 1_773_619_199 }
  return writeReportMail(tlsJson({ reportId, content: reportId }), { ...options, reportId, format: 'json', wrapping: 'gzip' })
}

/** The same bytes twice are one mail, and IMAP ends every line with CR LF. */
function distinct(files: readonly Buffer[]): Buffer[] {
  return [...new Map(files.map((file) => [file.toString('latin1').replaceAll('\r\n', '\n'), file])).values()]
}
