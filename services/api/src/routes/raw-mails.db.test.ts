import { createIntake } from '@ruadar/ingest'
import { loadSettings, openObjectStore, type Settings } from '@ruadar/platform'
import { readWaiting } from '@ruadar/tests/harness/ingest'
import { testMail } from '@ruadar/tests/harness/reports'
import { type S3Server, startS3Server } from '@ruadar/tests/harness/s3-server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useService } from '../../testing/service.ts'

let s3: S3Server
const rawMail = {} as NonNullable<Settings['rawMail']>
beforeAll(async () => {
  s3 = await startS3Server()
  Object.assign(rawMail, loadSettings(s3.env).rawMail)
})
const service = useService({ settings: { rawMail } })
afterAll(() => s3.remove())

it('hands out mails and the XML of reports that lie in object storage', async () => {
  const { app, bearer, database, queue } = service()
  const raw = testMail({ reportId: 'outside', day: 80, records: [{ count: 77 }] })
  const intake = createIntake({ ...service(), objects: openObjectStore(rawMail) })
  const [mail] = await intake([{ raw, origin: 'import', filename: 'outside.eml' }])
  await readWaiting(database, queue, s3.env)
  const download = await app.inject({ url: `/api/v1/ingest/mails/${mail?.id}/raw`, headers: bearer })
  expect([download.statusCode, download.headers['content-length']]).toEqual([200, String(raw.length)])
  expect(download.rawPayload.equals(raw)).toBe(true)

  const { items } = await service().ask<{ items: { id: string }[] }>('/reports?from=2026-01-01&to=2026-12-31')
  const xml = await app.inject({ url: `/api/v1/reports/${items[0]?.id}/xml`, headers: bearer })
  expect([xml.statusCode, xml.body.includes('<count>77</count>')]).toEqual([200, true])
})
