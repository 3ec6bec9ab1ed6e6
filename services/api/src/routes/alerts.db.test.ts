import type { AlertDetail, AlertItem, AlertRule, Attention, Mute, SenderItem } from '@ruadar/contract'
import { sql } from '@ruadar/platform'
import { beforeAll, describe, expect, it } from 'vitest'
import { storeReport } from '../../testing/reports.ts'
import { bringSendersUpToDate, ownAuth, serviceAuth } from '../../testing/senders.ts'
import { useService } from '../../testing/service.ts'

const service = useService()
const send = (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, payload?: object) =>
  service().app.inject({ method, url: `/api/v1${path}`, headers: service().bearer, ...(payload ? { payload } : {}) })
const list = async (query = '') => (await service().ask<{ items: AlertItem[] }>(`/alerts${query}`)).items
const day = (index: number) => new Date(Date.parse('2026-03-01') + index * 86_400_000).toISOString().slice(0, 10)
const update = () => bringSendersUpToDate(service().database)

/** Thirty days of the own server; `late.example` begins on the 20th, `later.example` on the 24th. */
beforeAll(async () => {
  for (let index = 0; index < 30; index++) {
    await storeReport(service().database, {
      day: day(index),
      rows: [
        { sourceIp: '192.0.2.1', count: 100, dkim: 'pass', spf: 'pass', auth: ownAuth('example.com') },
        ...(index < 20 ? [] : [{ sourceIp: '198.51.100.7', count: 20, dkim: 'fail' as const, auth: serviceAuth('late.example') }]),
        ...(index < 24 ? [] : [{ sourceIp: `198.51.100.${index}`, count: 9, dkim: 'fail' as const, auth: serviceAuth('later.example') }]),
      ],
    })
  }
  await update()
})

describe('alerts', () => {
  it('fire once for each new sender, with what there is to know', async () => {
    expect(await list('?domain=example.com')).toMatchObject([
      {
        rule: 'new_sender',
        domain: 'example.com',
        sender: 'later.example',
        day: day(25),
        state: 'open',
        facts: { messages: 18, days: 2, sources: 6 },
      },
      {
        rule: 'new_sender',
        domain: 'example.com',
        sender: 'late.example',
        day: day(21),
        state: 'open',
        text: expect.stringContaining('late.example'),
      },
    ])
    await sql`insert into stale_domains (domain_id) select id from domains`.execute(service().database.db)
    await update()
    expect(await list()).toHaveLength(2)
    expect(await service().ask<Attention>('/attention')).toEqual({ unknownSenders: 2, openAlerts: 2 })
  })

  it('are acknowledged, snoozed, closed and opened again, and remember who did it', async () => {
    const [alert] = await list('?rule=new_sender')
    const path = `/alerts/${alert?.id}`
    expect((await send('PATCH', path, { state: 'acknowledged', note: 'on it' })).json()).toMatchObject({ state: 'acknowledged' })
    const snoozed = await send('PATCH', path, { state: 'snoozed', until: '2026-04-03T00:00:00Z' })
    expect(snoozed.json()).toMatchObject({ state: 'snoozed', snoozedUntil: '2026-04-03T00:00:00.000Z' })
    expect((await send('PATCH', path, { state: 'snoozed' })).json<{ code: string }>().code).toBe('bad_until')
    expect((await send('PATCH', path, { state: 'snoozed', until: '2020-01-01T00:00:00Z' })).json<{ code: string }>().code).toBe('bad_until')
    await send('PATCH', path, { state: 'open' })
    const { events } = await service().ask<AlertDetail>(path)
    expect(events.map(({ state, by, note }) => [state, by, note])).toEqual([
      ['open', 'token test', null],
      ['snoozed', 'token test', null],
      ['acknowledged', 'token test', 'on it'],
      ['open', null, null],
    ])
    expect((await send('PATCH', '/alerts/999999', { state: 'closed' })).statusCode).toBe(404)
  })

  it('open again when a snooze ends', async () => {
    const [alert] = await list()
    await sql`update alerts set state = 'snoozed', snoozed_until = now() - interval '1 minute' where id = ${alert?.id}`.execute(
      service().database.db,
    )
    await update()
    expect(await list('?state=open')).toHaveLength(2)
  })

  it('close with the decision that they ask for, and come back when it is taken back', async () => {
    const [alert] = await list()
    const decided = await send('POST', '/decisions', { domain: 'example.com', senders: [alert?.senderId], state: 'approved' })
    expect(await list('?state=active')).toHaveLength(1)
    await update()
    expect(await list(`?sender=${alert?.senderId}`)).toMatchObject([{ id: alert?.id, state: 'closed' }])
    await send('POST', '/decisions/undo', { decisions: decided.json<{ decisions: number[] }>().decisions })
    await update()
    expect(await list(`?sender=${alert?.senderId}`)).toMatchObject([{ id: alert?.id, state: 'open' }])
  })

  it('stay open when a person has opened them again after that, until a person closes them', async () => {
    const [alert] = await list('?rule=new_sender&state=open')
    const made: number[] = []
    const decide = async (state: string) => {
      const answer = await send('POST', '/decisions', { domain: 'example.com', senders: [alert?.senderId], state })
      made.unshift(...answer.json<{ decisions: number[] }>().decisions)
    }
    const judgeAnew = async () => {
      await sql`insert into stale_domains (domain_id) select id from domains on conflict do nothing`.execute(service().database.db)
      await update()
      return (await service().ask<AlertDetail>(`/alerts/${alert?.id}`)).state
    }
    await decide('approved')
    expect(await judgeAnew()).toBe('closed')
    await send('PATCH', `/alerts/${alert?.id}`, { state: 'open' })
    expect(await judgeAnew()).toBe('open')
    await send('PATCH', `/alerts/${alert?.id}`, { state: 'acknowledged' })
    expect(await judgeAnew()).toBe('acknowledged')
    await decide('rejected')
    expect(await judgeAnew()).toBe('closed')
    for (const id of made) await send('POST', '/decisions/undo', { decisions: [id] })
    expect(await judgeAnew()).toBe('open')
  })

  it('are withdrawn when late reports show that the sender was always there', async () => {
    await storeReport(service().database, {
      day: day(2),
      reporter: 'slow.example',
      rows: [{ count: 1, dkim: 'fail', auth: serviceAuth('late.example') }],
    })
    await update()
    expect((await list()).map(({ sender }) => sender)).toEqual(['later.example'])
    expect(await list('?state=withdrawn')).toMatchObject([{ sender: 'late.example' }])
  })
})

describe('rules', () => {
  it('are listed with bounds, changed within them, and judge anew', async () => {
    const { items } = await service().ask<{ items: AlertRule[] }>('/alert-rules')
    expect(items[0]).toMatchObject({
      rule: 'new_sender',
      enabled: true,
      settings: expect.arrayContaining([expect.objectContaining({ name: 'learnDays', value: 14 })]),
    })
    const wrong = await send('PUT', '/alert-rules/new_sender', { enabled: true, settings: { learnDays: -1, colour: 3 } })
    expect(wrong.json<{ code: string; errors: { path: string }[] }>()).toMatchObject({
      code: 'bad_settings',
      errors: [{ path: '/body/settings/learnDays' }, { path: '/body/settings/colour' }],
    })
    await send('PUT', '/alert-rules/new_sender', { enabled: true, settings: { learnDays: 28 } })
    await update()
    expect(await list()).toEqual([])
    await send('PUT', '/alert-rules/new_sender', { enabled: false, settings: {} })
    await update()
    expect((await service().ask<{ items: AlertRule[] }>('/alert-rules')).items[0]).toMatchObject({ enabled: false })
    await send('PUT', '/alert-rules/new_sender', { enabled: true, settings: {} })
    await update()
    expect(await list()).toHaveLength(1)
  })
})

describe('mutes', () => {
  it('close what they cover and keep new alerts of it quiet until they end', async () => {
    const { items } = await service().ask<{ items: SenderItem[] }>('/senders?from=2026-03-01&to=2026-04-01&domain=example.com')
    const later = items.find(({ name }) => name === 'later.example')
    const made = await send('POST', '/mutes', { senderId: later?.id, domain: 'example.com' })
    expect(made.json<{ items: Mute[] }>().items).toMatchObject([
      { sender: 'later.example', domain: 'example.com', rule: null, by: 'token test' },
    ])
    expect(await list('?state=open')).toEqual([])
    await sql`delete from alerts`.execute(service().database.db)
    await sql`insert into stale_domains (domain_id) select id from domains on conflict do nothing`.execute(service().database.db)
    await update()
    expect(await list()).toMatchObject([{ sender: 'later.example', state: 'closed' }])
    const [mute] = made.json<{ items: Mute[] }>().items
    expect((await send('DELETE', `/mutes/${mute?.id}`)).statusCode).toBe(204)
    expect((await send('DELETE', `/mutes/${mute?.id}`)).statusCode).toBe(404)
  })

  it('need something that they are about', async () => {
    expect((await send('POST', '/mutes', {})).json<{ code: string }>().code).toBe('bad_mute')
    expect((await send('POST', '/mutes', { domain: 'unheard.example' })).statusCode).toBe(404)
  })
})
