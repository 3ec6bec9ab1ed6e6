import { gzipSync } from 'node:zlib'
import type { Summary, UploadResult } from '@ruadar/contract'
import { describe, expect, it } from 'vitest'
import { form, reportXml, useReader } from '../../testing/reader.ts'
import { useService } from '../../testing/service.ts'

const service = useService({ settings: { uploadMaxBytes: 200_000 } })
useReader(service)

async function upload(...parts: Parameters<typeof form>) {
  const { app, bearer } = service()
  const { payload, headers } = form(...parts)
  return app.inject({ method: 'POST', url: '/api/v1/reports', headers: { ...bearer, ...headers }, payload })
}

describe('upload', () => {
  it('waits until every file is read and lists the outcomes of each, in their order', async () => {
    const answer = await upload(
      { filename: 'one.xml', content: reportXml({ reportId: 'up-1' }) },
      { filename: 'two.xml.gz', content: gzipSync(reportXml({ reportId: 'up-2' })) },
      { filename: 'holiday.txt', content: 'no report at all' },
      { filename: 'cut.xml', content: reportXml({ reportId: 'up-3' }).slice(0, 700) },
    )
    expect(answer.statusCode).toBe(200)
    const { files } = answer.json<UploadResult>()
    expect(files.map((it) => [it.file, it.outcomes.map((outcome) => outcome.outcome)])).toEqual([
      ['one.xml', ['imported']],
      ['two.xml.gz', ['imported']],
      ['holiday.txt', [expect.stringMatching(/ignored|quarantined/)]],
      ['cut.xml', ['quarantined']],
    ])
    expect(files[0]).toMatchObject({
      mailId: expect.stringMatching(/^\d+$/),
      state: 'imported',
      outcomes: [{ reportId: expect.stringMatching(/^\d+$/) }],
    })
    expect(files[3]?.outcomes[0]).toMatchObject({ reportId: null, code: 'truncated', message: expect.any(String) })
    expect(await service().ask<Summary>('/summary')).toMatchObject({ reports: 2, messages: 30 })
  })

  it('answers what was there before as duplicate, be it the same bytes or the same report in other bytes', async () => {
    const xml = reportXml({ reportId: 'again' })
    await upload({ filename: 'a.xml', content: xml })
    const before = await service().ask<Summary>('/summary')
    const answer = await upload({ filename: 'b.xml', content: xml }, { filename: 'c.gz', content: gzipSync(xml) })
    const { files } = answer.json<UploadResult>()
    expect(files.map((it) => [it.state, it.outcomes.map(({ outcome, reportId }) => [outcome, typeof reportId])])).toEqual([
      ['duplicate', [['duplicate', 'string']]],
      ['duplicate', [['duplicate', 'string']]],
    ])
    expect(await service().ask<Summary>('/summary')).toMatchObject({ messages: before.messages, reports: before.reports })
  })

  it('takes one file twice in a request and counts it once', async () => {
    const part = { filename: 'x.xml', content: reportXml({ reportId: 'pair' }) }
    const { files } = (await upload(part, part)).json<UploadResult>()
    expect(files.map((it) => it.state)).toEqual(['imported', 'duplicate'])
    expect(files[0]?.mailId).toBe(files[1]?.mailId)
  })

  it('says which file is too large, for which setting, and what was taken before it', async () => {
    const answer = await upload(
      { filename: 'small.xml', content: reportXml({ reportId: 'small' }) },
      { filename: 'big.xml', content: 'x'.repeat(200_001) },
    )
    expect(answer.statusCode).toBe(413)
    expect(answer.json()).toMatchObject({
      code: 'file_too_large',
      detail: 'big.xml is larger than 200000 bytes, the limit that RUADAR_UPLOAD_MAX_BYTES sets. Files taken before it: 1.',
    })
  })

  it('takes a file of exactly the limit', async () => {
    const answer = await upload({ filename: 'edge.bin', content: 'x'.repeat(200_000) })
    expect(answer.statusCode).toBe(200)
  })

  it.each([
    [[], 400, 'no_file'],
    [[{ field: 'report', filename: 'x.xml', content: 'x' }], 400, 'unexpected_field'],
    [[{ content: 'a text field' }], 400, 'unexpected_field'],
  ] as [Parameters<typeof form>, number, string][])('refuses the form %j', async (parts, status, code) => {
    expect((await upload(...parts)).json()).toMatchObject({ status, code })
  })

  it('refuses JSON', async () => {
    const { app, bearer } = service()
    const answer = await app.inject({ method: 'POST', url: '/api/v1/reports', headers: bearer, payload: { file: 'x' } })
    expect(answer.json()).toMatchObject({ status: 415, code: 'unsupported_media_type' })
  })

  it('keeps of a file name what a person needs', async () => {
    const { files } = (await upload({ filename: 'C:\\reports\\../../etc/pass\twd', content: 'x' })).json<UploadResult>()
    expect(files[0]?.file).toBe('passwd')
  })
})
