import type { UploadResult } from '@ruadar/contract'
import { describe, expect, it } from 'vitest'
import { form, reportXml } from '../../testing/reader.ts'
import { useService } from '../../testing/service.ts'

// Nobody reads the queue in this file.
const service = useService({ uploadWaitMs: 300 })

describe('an upload that nobody reads', () => {
  it('is answered as stored when the wait is over', async () => {
    const { app, bearer } = service()
    const { payload, headers } = form({ filename: 'a.xml', content: reportXml() })
    const answer = await app.inject({ method: 'POST', url: '/api/v1/reports', headers: { ...bearer, ...headers }, payload })
    expect(answer.json<UploadResult>().files).toEqual([{ file: 'a.xml', mailId: expect.any(String), state: 'stored', outcomes: [] }])
    expect(await service().queue.depth()).toEqual({ waiting: 1, active: 0 })
  })
})
