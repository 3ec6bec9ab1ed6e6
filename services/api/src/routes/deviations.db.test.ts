import type { DeviationItem } from '@ruadar/contract'
import { beforeAll, describe, expect, it } from 'vitest'
import { createDictionary } from '../../../ingest/src/store/dictionary.ts'
import { noteDeviations } from '../../../ingest/src/store/deviations.ts'
import { storeTls, type Stored } from '../../testing/other-kinds.ts'
import { useService } from '../../testing/service.ts'

const service = useService()

describe('deviations', () => {
  let tls: Stored
  beforeAll(async () => {
    const { database } = service()
    const { db } = database
    const dictionary = createDictionary(db)
    tls = await storeTls(database)
    const warning = (code: string) => ({ code, path: 'report_id', value: '<b>' })
    await noteDeviations(db, 'tls', [
      { reporterId: await dictionary.name('reporters', 'sender example'), reportId: Number(tls.id), warnings: [warning('odd')] },
    ])
    const reporterId = await dictionary.name('reporters', '')
    await noteDeviations(
      db,
      'failure',
      [1, 2].map((reportId) => ({ reporterId, reportId, warnings: [warning('odd'), warning('missing')] })),
    )
  })

  it('are listed with most reports first, and lead to the newest report while it is there', async () => {
    const { items } = await service().ask<{ items: DeviationItem[] }>('/deviations')
    expect(
      items.map(({ reporter, kind, code, reports, lastValue, lastReportId }) => [reporter, kind, code, reports, lastValue, lastReportId]),
    ).toEqual([
      [null, 'failure', 'missing', 2, null, null],
      [null, 'failure', 'odd', 2, null, null],
      ['sender example', 'tls', 'odd', 1, '<b>', tls.id],
    ])
  })

  it('are narrowed by reporter, kind and code', async () => {
    const ask = async (query: string) => (await service().ask<{ items: DeviationItem[] }>(`/deviations?${query}`)).items.length
    expect([
      await ask('reporter=sender%20example'),
      await ask('kind=failure'),
      await ask('code=odd'),
      await ask('kind=tls&code=missing'),
    ]).toEqual([1, 2, 2, 0])
  })

  it('reach every row once, page by page', async () => {
    const seen: string[] = []
    let after = ''
    for (let pages = 0; pages < 5; pages++) {
      const { items, next } = await service().ask<{ items: DeviationItem[]; next: string | null }>(`/deviations?limit=1${after}`)
      seen.push(...items.map(({ kind, code }) => `${kind} ${code}`))
      if (next === null) break
      after = `&after=${next}`
    }
    expect(seen).toEqual(['failure missing', 'failure odd', 'tls odd'])
  })
})
