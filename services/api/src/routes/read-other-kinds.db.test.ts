import type { FailureItem, IngestSummary, MailItem, TlsDomain, UploadResult } from '@ruadar/contract'
import { describe, expect, it } from 'vitest'
import { form, reportXml, useReader } from '../../testing/reader.ts'
import { storeReport } from '../../testing/reports.ts'
import { useService } from '../../testing/service.ts'

const service = useService()
useReader(service)

const post = (url: string, payload: object) =>
  service().app.inject({ method: 'POST', url: `/api/v1${url}`, headers: service().bearer, payload })

async function upload(...files: { filename: string; content: string }[]): Promise<UploadResult['files']> {
  const { payload, headers } = form(...files)
  const answer = await service().app.inject({
    method: 'POST',
    url: '/api/v1/reports',
    headers: { ...service().bearer, ...headers },
    payload,
  })
  return answer.json<UploadResult>().files
}

/** A failure report as a receiver mails it. */
const failureMail = [
  'From: noreply@mx.example.org\r\nTo: ruf@example.com\r\nSubject: A report\r\nMIME-Version: 1.0',
  'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n',
  '--b\r\nContent-Type: text/plain\r\n\r\nA report.',
  '--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: auth-failure\r\nVersion: 1\r\nAuth-Failure: dmarc',
  'Reported-Domain: example.com\r\nSource-IP: 198.51.100.7\r\nArrival-Date: Mon, 30 Mar 2026 10:00:05 +0000\r\n',
  '--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: billing@example.com\r\nTo: anna.berg@example.org\r\nSubject: Invoice\r\n\r\nSecret\r\n--b--\r\n',
].join('\r\n')

const tlsJson = JSON.stringify({
  'organization-name': 'Sender Example',
  'date-range': { 'start-datetime': '2026-03-30T00:00:00Z', 'end-datetime': '2026-03-30T23:59:59Z' },
  'contact-info': 'tls@sender.example',
  'report-id': 'tls-1',
  policies: [
    {
      policy: { 'policy-type': 'sts', 'policy-string': ['version: STSv1'], 'policy-domain': 'example.com' },
      summary: { 'total-successful-session-count': 40, 'total-failure-session-count': 2 },
      'failure-details': [{ 'result-type': 'certificate-expired', 'failed-session-count': 2 }],
    },
  ],
})

describe('reports of the three kinds, from upload to answer', () => {
  it('say of what kind they are, and change no number when all of them are read again', async () => {
    const files = await upload(
      { filename: 'a.xml', content: reportXml() },
      { filename: 'b.eml', content: failureMail },
      { filename: 'c.json', content: tlsJson },
    )
    expect(files.map(({ state, outcomes }) => [state, outcomes[0]?.kind])).toEqual([
      ['imported', 'aggregate'],
      ['imported', 'failure'],
      ['imported', 'tls'],
    ])
    const { ask } = service()
    const numbers = async () => ({
      summary: await ask('/summary'),
      failures: await ask('/failures/summary'),
      tls: await ask<{ items: TlsDomain[] }>('/tls'),
    })
    const before = await numbers()
    expect(before.tls.items).toMatchObject([{ domain: 'example.com', successful: 40, failed: 2 }])
    expect(before.failures).toMatchObject({ incidents: 1 })

    const ids = files.map(({ mailId }) => mailId)
    // The failure report's mail is reduced to it: it holds nothing that was not read.
    expect((await post('/ingest/read-again', { ids })).json()).toEqual({ mails: 2 })
    await expect.poll(async () => (await ask<{ mails: { stored: number } }>('/ingest')).mails.stored, { timeout: 60_000 }).toBe(0)
    for (const { mailId, outcomes } of files) expect((await ask<MailItem>(`/ingest/mails/${mailId}`)).outcomes).toEqual(outcomes)
    expect(await numbers()).toEqual(before)
  })

  it('give the JSON of a TLS report back byte for byte, and a failure report beside its aggregate rows', async () => {
    const [tls] = await upload({ filename: 'c.json', content: tlsJson })
    const id = tls?.outcomes[0]?.tlsReportId
    const answer = await service().app.inject({ url: `/api/v1/tls/reports/${id}/json`, headers: service().bearer })
    expect(answer.body).toBe(tlsJson)
    expect(answer.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' })
    const { items } = await service().ask<{ items: FailureItem[] }>('/failures')
    const detail = await service().ask(`/failures/${items[0]?.id}`)
    expect(detail).toMatchObject({ evidence: { from: '2026-03-30', rows: [{ messages: 3, reporter: 'mx.example' }] } })
    expect(JSON.stringify(detail)).not.toContain('anna.berg')
  })

  it('keep a report without records as one, although its mail is ignored', async () => {
    const { ask, database } = service()
    const { id, mailId } = await storeReport(database, { domain: 'empty.example', day: '2026-03-30', rows: [] })
    const mail = { state: 'ignored', outcomes: [{ kind: 'aggregate', outcome: 'ignored', code: 'null_report', reportId: id }] }
    expect(await ask(`/ingest/mails/${mailId}`)).toMatchObject(mail)
    expect(await ask(`/reports/${id}`)).toMatchObject({ records: 0, messages: 0, state: 'counted' })
    expect(await ask(`/reports/${id}/records`)).toEqual({ items: [], next: null })
    expect(await ask('/summary?domain=empty.example')).toMatchObject({ messages: 0, reports: 1, reporters: 1 })
    expect(await ask<IngestSummary>('/ingest')).toMatchObject({
      reasons: [{ outcome: 'ignored', code: 'null_report', count: 1, mails: 1 }],
    })
  })
})
