import type { Decision, SenderDetail, SenderItem, SenderRuleItem, SenderSource, SenderSummary, Summary } from '@ruadar/contract'
import { beforeAll, describe, expect, it } from 'vitest'
import { storeReport } from '../../testing/reports.ts'
import { bringSendersUpToDate, ownAuth, serviceAuth } from '../../testing/senders.ts'
import { useService } from '../../testing/service.ts'

const service = useService()
const send = (method: 'POST' | 'DELETE', path: string, payload?: object) =>
  service().app.inject({ method, url: `/api/v1${path}`, headers: service().bearer, ...(payload ? { payload } : {}) })
const list = (query = '') => service().ask<{ items: SenderItem[]; next: string | null }>(`/senders?from=2026-03-01&to=2026-04-01${query}`)
const find = async (name: string, query = '&domain=example.com') => {
  const found = (await list(query)).items.find((item) => item.name === name)
  if (!found) throw new Error(`no sender ${name}`)
  return found
}

beforeAll(async () => {
  const { database } = service()
  for (const day of ['2026-03-10', '2026-03-11', '2026-03-20']) {
    await storeReport(database, {
      day,
      rows: [
        { sourceIp: '192.0.2.1', count: 40, dkim: 'pass', spf: 'pass', auth: ownAuth('example.com') },
        { sourceIp: '192.0.2.2', count: 10, dkim: 'pass', spf: 'pass', auth: ownAuth('example.com'), disposition: 'none' },
        { sourceIp: '198.51.100.7', count: 30, dkim: 'fail', spf: 'fail', auth: serviceAuth('sendgrid.net') },
        { sourceIp: '198.51.100.8', count: 7, dkim: 'fail', spf: 'fail', auth: serviceAuth('tickets.example'), disposition: 'quarantine' },
        { sourceIp: null, count: 1, dkim: 'fail', spf: 'fail', auth: { dkim: [], spf: [] } },
      ],
    })
    await storeReport(database, {
      day,
      domain: 'example.net',
      rows: [
        { sourceIp: '198.51.100.7', count: 5, dkim: 'fail', spf: 'fail', headerFrom: 'example.net', auth: serviceAuth('sendgrid.net') },
      ],
    })
  }
  await bringSendersUpToDate(database)
})

describe('the list of senders', () => {
  it('groups addresses by who operates them, with state, sums and diagnosis', async () => {
    const { items, next } = await list('&domain=example.com')
    expect(next).toBeNull()
    expect(
      items.map(({ name, kind, state, messages, dmarcPass, dmarcFail, sources }) => ({
        name,
        kind,
        state,
        messages,
        dmarcPass,
        dmarcFail,
        sources,
      })),
    ).toEqual([
      { name: 'example.com', kind: 'domain', state: 'own', messages: 150, dmarcPass: 150, dmarcFail: 0, sources: 2 },
      { name: 'Twilio SendGrid', kind: 'transactional', state: 'unknown', messages: 90, dmarcPass: 0, dmarcFail: 90, sources: 1 },
      { name: 'tickets.example', kind: 'domain', state: 'unknown', messages: 21, dmarcPass: 0, dmarcFail: 21, sources: 1 },
      { name: expect.any(String), kind: 'address', state: 'rejected', messages: 3, dmarcPass: 0, dmarcFail: 3, sources: 0 },
    ])
    expect(items[1]).toMatchObject({
      firstSeen: '2026-03-10',
      lastSeen: '2026-03-20',
      decided: false,
      task: 'open',
      domains: ['example.com'],
      diagnosis: { code: 'signed_by_service', text: expect.stringContaining('sendgrid.net') },
    })
    expect(items[1]?.trend).toHaveLength(12)
    expect(items[1]?.trend.reduce((sum, messages) => sum + messages)).toBe(90)
  })

  it('sums up to the summary, with every filter', async () => {
    for (const filter of [
      '',
      '&domain=example.com',
      '&dmarc=fail',
      '&disposition=quarantine',
      '&headerFrom=example.net',
      '&source=198.51.100.7',
      '&reporter=mx.example',
      '&spf=fail&dkim=fail',
    ]) {
      const { items } = await list(filter)
      const summary = await service().ask<Summary>(`/summary?from=2026-03-01&to=2026-04-01${filter}`)
      const sums = { messages: 0, dmarcPass: 0 }
      for (const { messages, dmarcPass } of items) {
        sums.messages += messages
        sums.dmarcPass += dmarcPass
      }
      expect({ filter, ...sums }).toEqual({ filter, messages: summary.messages, dmarcPass: summary.dmarcPass })
    }
  })

  it('is a filter of every other question', async () => {
    const { id, messages } = await find('Twilio SendGrid', '')
    expect(messages).toBe(105)
    for (const filter of ['', '&source=198.51.100.7']) {
      expect(await service().ask(`/summary?from=2026-03-01&to=2026-04-01&sender=${id}${filter}`)).toMatchObject({
        messages: 105,
        sources: 1,
        domains: 2,
      })
    }
    const { items } = await service().ask<{ items: { source: string }[] }>(`/sources?from=2026-03-01&to=2026-04-01&sender=${id}`)
    expect(items.map(({ source }) => source)).toEqual(['198.51.100.7'])
    expect((await service().ask<{ items: object[] }>(`/reports?from=2026-03-01&to=2026-04-01&sender=${id}`)).items).toHaveLength(6)
  })

  it('pages through senders in each order without losing one', async () => {
    for (const sort of ['messages', 'failing', 'newest']) {
      const all = (await list(`&sort=${sort}`)).items.map(({ id }) => id)
      const paged: number[] = []
      let after = ''
      do {
        const part = await list(`&sort=${sort}&limit=1${after}`)
        paged.push(...part.items.map(({ id }) => id))
        after = part.next === null ? '' : `&after=${part.next}`
      } while (after !== '')
      expect({ sort, ids: paged }).toEqual({ sort, ids: all })
    }
  })

  it('is narrowed by state, kind, task and whether somebody decided', async () => {
    const names = async (query: string) => (await list(`&domain=example.com${query}`)).items.map(({ name }) => name)
    expect(await names('&state=own')).toEqual(['example.com'])
    expect(await names('&kind=transactional')).toEqual(['Twilio SendGrid'])
    expect(await names('&task=open&sort=failing')).toEqual(['Twilio SendGrid', 'tickets.example'])
    expect(await names('&undecided=false')).toEqual([])
    expect(await service().ask<SenderSummary>('/senders/summary?from=2026-03-01&to=2026-04-01&domain=example.com')).toEqual({
      own: 1,
      approved: 0,
      forwarder: 0,
      unknown: 2,
      rejected: 1,
      undecidedUnknown: 2,
      openTasks: 2,
    })
  })
})

describe('one sender', () => {
  it('says what speaks for its name, what it is to each domain, and how to repair it', async () => {
    const { id } = await find('Twilio SendGrid', '')
    const detail = await service().ask<SenderDetail>(`/senders/${id}?from=2026-03-01&to=2026-04-01`)
    expect(detail).toMatchObject({ key: 'known:sendgrid', messages: 105, dmarcFail: 105, dispositions: { none: 105 } })
    expect(detail.evidence).toContainEqual({ by: 'bounce_domain', value: 'bounce.sendgrid.net' })
    expect(detail.instructions).toMatch(/^https:/)
    expect(detail.domains.map(({ domain, messages, state }) => ({ domain, messages, state }))).toEqual([
      { domain: 'example.com', messages: 90, state: 'unknown' },
      { domain: 'example.net', messages: 15, state: 'unknown' },
    ])
    expect(detail.domains[0]).toMatchObject({
      proposal: { state: 'unknown', reasons: [{ code: 'known_service_unaligned' }] },
      diagnosis: { code: 'signed_by_service', facts: { signer: 'sendgrid.net' } },
      task: 'open',
      taskSince: '2026-03-10',
    })
    expect(detail.domains[0]?.repair?.steps.length).toBeGreaterThan(1)
    expect(detail.signers).toEqual([{ domain: 'sendgrid.net', selector: 's', pass: 105, fail: 0, aligned: 0 }])
    expect(detail.bounceDomains).toEqual([{ domain: 'bounce.sendgrid.net', pass: 105, fail: 0, aligned: 0 }])
    expect(detail.reporters).toMatchObject([{ reporter: 'mx.example', messages: 105 }])
    expect(detail.days.reduce((sum, { messages }) => sum + messages, 0)).toBe(105)
    expect(detail.identities).toHaveLength(2)
  })

  it('lists its addresses page by page', async () => {
    const { id } = await find('example.com')
    const first = await service().ask<{ items: SenderSource[]; next: string }>(
      `/senders/${id}/sources?from=2026-03-01&to=2026-04-01&limit=1`,
    )
    expect(first.items).toMatchObject([{ source: '192.0.2.1', messages: 120, host: { ptr: null, lookedUpAt: null } }])
    const second = await service().ask<{ items: SenderSource[] }>(
      `/senders/${id}/sources?from=2026-03-01&to=2026-04-01&limit=1&after=${first.next}`,
    )
    expect(second.items).toMatchObject([{ source: '192.0.2.2', messages: 30, firstDay: '2026-03-10', lastDay: '2026-03-20' }])
  })

  it('is a 404 when there is none', async () => {
    const answer = await service().app.inject({ url: '/api/v1/senders/999999', headers: service().bearer })
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, 'not_found'])
  })
})

describe('decisions', () => {
  const decide = async (body: object) => {
    const answer = await send('POST', '/decisions', body)
    expect([answer.statusCode, answer.body]).toEqual([200, expect.stringContaining('decisions')])
    return answer.json<{ decisions: number[] }>().decisions
  }

  it('hold for one domain, are logged with who and when, and can be taken back', async () => {
    const { id } = await find('Twilio SendGrid')
    const decisions = await decide({ domain: 'EXAMPLE.com', senders: [id], state: 'approved', note: 'our invoices' })
    expect(decisions).toHaveLength(1)
    expect(await find('Twilio SendGrid')).toMatchObject({ state: 'approved', decided: true })
    expect(await find('Twilio SendGrid', '&domain=example.net')).toMatchObject({ state: 'unknown', decided: false })
    expect(await decide({ domain: 'example.com', senders: [id], state: 'approved' })).toEqual([])
    const log = await service().ask<{ items: Decision[] }>(`/decisions?sender=${id}`)
    expect(log.items).toMatchObject([
      {
        domain: 'example.com',
        sender: 'Twilio SendGrid',
        before: 'unknown',
        state: 'approved',
        note: 'our invoices',
        by: 'token test',
        undone: false,
      },
    ])
    expect((await send('POST', '/decisions/undo', { decisions })).statusCode).toBe(204)
    expect(await find('Twilio SendGrid')).toMatchObject({ state: 'unknown', decided: false })
    expect((await service().ask<{ items: Decision[] }>(`/decisions?sender=${id}`)).items).toMatchObject([{ state: null }, { undone: true }])
  })

  it('refuse to be taken back when somebody decided again since', async () => {
    const { id } = await find('tickets.example')
    const first = await decide({ domain: 'example.com', senders: [id], state: 'approved' })
    const second = await decide({ domain: 'example.com', senders: [id], state: 'rejected' })
    const refused = await send('POST', '/decisions/undo', { decisions: first })
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([409, 'decision_superseded'])
    expect((await send('POST', '/decisions/undo', { decisions: second })).statusCode).toBe(204)
    expect(await find('tickets.example')).toMatchObject({ state: 'approved', decided: true })
    expect((await send('POST', '/decisions/undo', { decisions: first })).statusCode).toBe(204)
    expect(await find('tickets.example')).toMatchObject({ state: 'unknown', decided: false })
  })

  it('can be for all domains of several senders, and survive new mail', async () => {
    const senders = [(await find('Twilio SendGrid')).id, (await find('tickets.example')).id]
    expect(await decide({ domain: null, senders, state: 'rejected' })).toHaveLength(3)
    await storeReport(service().database, {
      day: '2026-03-21',
      rows: [
        {
          sourceIp: '198.51.100.99',
          count: 500,
          dkim: 'pass',
          spf: 'fail',
          auth: { ...serviceAuth('sendgrid.net'), dkim: ownAuth('example.com').dkim },
        },
      ],
    })
    await bringSendersUpToDate(service().database)
    expect(await find('Twilio SendGrid')).toMatchObject({ state: 'rejected', decided: true, sources: 2, messages: 590 })
    await decide({ domain: null, senders, state: null })
    expect(await find('tickets.example')).toMatchObject({ state: 'unknown', decided: false })
  })

  it('say nothing of senders that the domain never saw', async () => {
    expect(await decide({ domain: 'unheard.example', senders: [1], state: 'own' })).toEqual([])
    expect((await send('POST', '/decisions', { domain: null, senders: [], state: 'own' })).statusCode).toBe(400)
  })
})

describe('senders that people add', () => {
  it('name the past anew, and give it back when they go', async () => {
    const made = await send('POST', '/sender-rules', { name: 'Ticket desk', kind: 'helpdesk', match: { bounce: 'tickets.example' } })
    expect([made.statusCode, made.json<SenderRuleItem>().name]).toEqual([201, 'Ticket desk'])
    await bringSendersUpToDate(service().database)
    expect(await find('Ticket desk')).toMatchObject({ kind: 'helpdesk', messages: 21 })
    expect((await list()).items.some(({ name }) => name === 'tickets.example')).toBe(false)
    const { items } = await service().ask<{ items: SenderRuleItem[] }>('/sender-rules')
    expect(items).toMatchObject([{ name: 'Ticket desk', createdBy: 'token test', match: { bounce: 'tickets.example' } }])
    expect((await send('DELETE', `/sender-rules/${items[0]?.id}`)).statusCode).toBe(204)
    await bringSendersUpToDate(service().database)
    expect(await find('tickets.example')).toMatchObject({ messages: 21 })
  })

  it('are refused when no way could ever fit', async () => {
    for (const [match, code] of [
      [{ network: '192.0.2.0/99' }, 'bad_match'],
      [{}, 'validation'],
      [{ colour: 'red' }, 'validation'],
    ] as const) {
      const answer = await send('POST', '/sender-rules', { name: 'x', kind: 'helpdesk', match })
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, code])
    }
    const kind = await send('POST', '/sender-rules', { name: 'x', kind: 'domain', match: { host: 'a.example' } })
    expect(kind.json<{ code: string }>().code).toBe('bad_kind')
  })
})
