import type { SenderItem, SenderSource } from '@ruadar/contract'
import { beforeAll, expect, it } from 'vitest'
import { makeAllSpans } from '../../../../tests/harness/spans.ts'
import { type Row, storeReport } from '../../testing/reports.ts'
import { bringSendersUpToDate } from '../../testing/senders.ts'
import { useService } from '../../testing/service.ts'

const service = useService()
const month = 'from=2026-03-01&to=2026-04-01'

const address = (number: number) => `2001:db8::${number.toString(16)}`
const signedBy = (domain: string): Pick<Row, 'auth'> => ({
  auth: { dkim: [{ domain, selector: 'k1', result: 'pass', humanResult: null }], spf: [] },
})
/** Addresses 1 to 450 send as many messages as their number for one service, the first ten of them one more for another. */
const many = Array.from({ length: 450 }, (_, index) => ({ sourceIp: address(index + 1), count: index + 1, ...signedBy('many.example') }))
const shared = many.slice(0, 10).map(({ sourceIp }) => ({ sourceIp, count: 1, ...signedBy('few.example') }))

beforeAll(async () => {
  const { database } = service()
  await storeReport(database, { day: '2026-03-02', rows: many.slice(0, 300) })
  await storeReport(database, { day: '2026-03-09', domain: 'example.org', rows: [...many.slice(300), ...shared] })
  await bringSendersUpToDate(database)
})

async function sourcesOf(name: string): Promise<[source: string, messages: number, since: string][]> {
  const { items: senders } = await service().ask<{ items: SenderItem[] }>(`/senders?${month}`)
  const id = senders.find((sender) => sender.name === name)?.id
  const found: SenderSource[] = []
  let after = ''
  do {
    const { items, next } = await service().ask<{ items: SenderSource[]; next: string | null }>(
      `/senders/${id}/sources?${month}&limit=100${after}`,
    )
    found.push(...items)
    after = next === null ? '' : `&after=${next}`
  } while (after)
  return found.map(({ source, messages, firstDay }) => [source, messages, firstDay])
}

it('names every address of a sender with its own messages alone, whether they are few or many, and summed up or not', async () => {
  const ofMany = many.toReversed().map(({ sourceIp, count }) => [sourceIp, count, count > 300 ? '2026-03-09' : '2026-03-02'])
  const ofFew = shared.map(({ sourceIp }) => [sourceIp, 1, '2026-03-09'])
  expect(await sourcesOf('many.example')).toEqual(ofMany)
  expect(await sourcesOf('few.example')).toEqual(ofFew)
  await makeAllSpans(service().database)
  expect(await sourcesOf('many.example')).toEqual(ofMany)
  expect(await sourcesOf('few.example')).toEqual(ofFew)
})
