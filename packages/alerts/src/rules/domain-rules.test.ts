import { describe, expect, it } from 'vitest'
import { day, daysOf, history, sender } from '../../testing/written-days.ts'
import type { DomainHistory } from '../history.ts'
import { decideDomain } from '../registry.ts'

const find = (rule: string, given: Partial<DomainHistory>) =>
  decideDomain(history(given), new Map()).filter((finding) => finding.rule === rule)

describe('forged mail', () => {
  const forgers = (from: number, messages: number) =>
    Array.from({ length: 40 }, (_, index) =>
      sender({
        id: index + 10,
        name: `2001:db8:${index}::1`,
        state: 'rejected',
        days: daysOf(from + (index % 5), 1, messages + (index === 7 ? 1 : 0), 0),
      }),
    )

  it('is one alert for a week, however many addresses send it', () => {
    expect(find('spoofing', { senders: forgers(28, 3) })).toEqual([
      {
        rule: 'spoofing',
        subject: 'domain',
        senderId: null,
        day: day(28),
        facts: { from: day(28), to: day(35), senders: 40, sources: 40, messages: 121, largest: '2001:db8:7::1' },
        isOver: false,
      },
    ])
  })

  it('goes on for weeks as one wave, and is nothing new when it is as usual', () => {
    const every = Array.from({ length: 8 }, (_, week) => forgers(week * 7, 3)).flat()
    expect(find('spoofing', { senders: every })).toEqual([])
    expect(find('spoofing', { senders: [...forgers(21, 2), ...forgers(28, 3)] })).toHaveLength(1)
  })

  it('is no alert when it is little', () => {
    expect(find('spoofing', { senders: forgers(28, 1).slice(0, 30) })).toEqual([])
  })
})

describe('a sender that aligns less', () => {
  const drop = [...daysOf(0, 30, 50, 50), ...daysOf(30, 5, 50, 20)]

  it('is told with what is usual', () => {
    expect(find('alignment_drop', { senders: [sender({ state: 'own', days: drop })] })).toMatchObject([
      { day: day(31), subject: 'sender:1:', facts: { messages: 150, failing: 60, usualShare: 1, share: 0.6 }, isOver: false },
    ])
  })

  it('is over when it aligns again, and can happen anew', () => {
    const again = [...drop, ...daysOf(35, 40, 50, 50), ...daysOf(75, 5, 50, 0)]
    expect(find('alignment_drop', { senders: [sender({ state: 'approved', days: again })] })).toMatchObject([
      { day: day(31), isOver: true },
      { day: day(75), isOver: false },
    ])
  })

  it('is nobody’s business for unknown senders, little mail and small changes', () => {
    expect(find('alignment_drop', { senders: [sender({ state: 'unknown', days: drop })] })).toEqual([])
    const little = [...daysOf(0, 30, 5, 5), ...daysOf(30, 5, 5, 0)]
    expect(find('alignment_drop', { senders: [sender({ state: 'own', days: little })] })).toEqual([])
    const small = [...daysOf(0, 30, 50, 50), ...daysOf(30, 5, 50, 45)]
    expect(find('alignment_drop', { senders: [sender({ state: 'own', days: small })] })).toEqual([])
  })
})

describe('failing messages of a domain', () => {
  it('are told when they are far more than on the days before', () => {
    const days = [...daysOf(0, 20, 1000, 960), ...daysOf(20, 3, 2000, 1500), ...daysOf(23, 20, 1000, 960)]
    expect(find('failing_rise', { days })).toMatchObject([{ day: day(20), facts: { failing: 500, usual: 40, messages: 2000 } }])
  })

  it('are not when a domain is new, or fails as usual', () => {
    expect(find('failing_rise', { days: [...daysOf(0, 5, 10, 10), ...daysOf(5, 1, 1000, 0)] })).toEqual([])
    expect(find('failing_rise', { days: daysOf(0, 40, 1000, 0) })).toEqual([])
  })

  it('are told again for another rise, and not for the same', () => {
    const usual = (from: number, count: number) => daysOf(from, count, 100, 100)
    const days = [
      ...usual(0, 20),
      ...daysOf(20, 1, 500, 0),
      ...usual(21, 4),
      ...daysOf(25, 1, 500, 0),
      ...usual(26, 19),
      ...daysOf(45, 1, 900, 0),
    ]
    expect(find('failing_rise', { days }).map((finding) => finding.day)).toEqual([day(20), day(45)])
  })
})

describe('reports that stop', () => {
  const daily = (reporter: string, count: number) => ({ reporter, days: daysOf(0, count, 1, 1).map((it) => it.day) })

  it('are told once nobody has reported for longer than ever, with the cause', () => {
    const reporters = [daily('a.example', 50), daily('b.example', 50)]
    const days = daysOf(0, 50, 1000, 1000)
    const facts = { reporter: null, lastDay: day(49), silentDays: 10 }
    expect(find('reports_stop', { reporters, days, today: day(60) })).toMatchObject([
      { subject: 'domain', facts: { ...facts, cause: 'unknown' } },
    ])
    expect(find('reports_stop', { reporters, days, today: day(60), mailboxFails: true })).toMatchObject([{ facts: { cause: 'mailbox' } }])
    expect(find('reports_stop', { reporters, days, today: day(60), ruaPublished: false })).toMatchObject([{ facts: { cause: 'record' } }])
    expect(find('reports_stop', { reporters, days: daysOf(0, 50, 2, 2), today: day(60) })).toMatchObject([
      { facts: { cause: 'low_volume' } },
    ])
  })

  it('are no news yesterday, nor after many weeks', () => {
    const reporters = [daily('a.example', 50)]
    expect(find('reports_stop', { reporters, today: day(52) })).toEqual([])
    expect(find('reports_stop', { reporters, today: day(120) })).toEqual([])
  })

  it('name one reporter that fell silent while others go on', () => {
    const reporters = [daily('a.example', 60), daily('b.example', 40)]
    expect(find('reports_stop', { reporters, today: day(60) })).toMatchObject([
      { subject: 'reporter:b.example', facts: { reporter: 'b.example', lastDay: day(39) } },
    ])
  })

  it('are expected of a reporter with gaps, and of one that has hardly begun', () => {
    const weekly = { reporter: 'w.example', days: Array.from({ length: 12 }, (_, index) => day(index * 4)) }
    expect(find('reports_stop', { reporters: [daily('a.example', 55), weekly], today: day(55) })).toEqual([])
    expect(find('reports_stop', { reporters: [daily('a.example', 60), daily('b.example', 5)], today: day(60) })).toEqual([])
  })
})

describe('the published policy', () => {
  const shown = (reporter: string, changesOn: number, before = 'p=none', after = 'p=quarantine') =>
    daysOf(0, 30, 1, 1).map((it, index) => ({ day: it.day, reporter, policy: index < changesOn ? before : after }))
  const policies = (...lists: ReturnType<typeof shown>[]) => lists.flat().sort((a, b) => (a.day < b.day ? -1 : 1))

  it('has changed when two reporters say so', () => {
    expect(find('policy_changed', { policies: policies(shown('a', 10), shown('b', 12)) })).toMatchObject([
      { day: day(10), facts: { before: 'p=none', after: 'p=quarantine', reporters: 2 } },
    ])
  })

  it('has not when one of several says so, or reporters write it differently all the time', () => {
    expect(find('policy_changed', { policies: policies(shown('a', 10), shown('b', 30)) })).toEqual([])
    expect(find('policy_changed', { policies: policies(shown('a', 30), shown('b', 30, 'p=none; sp=none')) })).toEqual([])
  })

  it('has changed when the only reporter says so', () => {
    expect(find('policy_changed', { policies: shown('a', 10) })).toHaveLength(1)
  })
})

describe('failed TLS sessions', () => {
  const tls = (counts: number[]) =>
    counts.map((failed, index) => ({ day: day(index), sessions: 1000, failed, resultType: 'certificate-expired' }))

  it('are told when they rise', () => {
    expect(find('tls_failures_rise', { tls: tls([0, 1, 0, 2, 0, 300, 280, 0]) })).toMatchObject([
      { day: day(5), facts: { failed: 300, usual: 0, sessions: 1000, resultType: 'certificate-expired' } },
    ])
  })

  it('are not when they are few or as ever', () => {
    expect(find('tls_failures_rise', { tls: tls([0, 0, 9]) })).toEqual([])
    expect(find('tls_failures_rise', { tls: tls([100, 110, 120]) })).toEqual([])
  })
})
