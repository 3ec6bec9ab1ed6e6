import { describe, expect, it } from 'vitest'
import { decideHouse } from './registry.ts'
import { type KnownAlert, reconcile } from './reconcile.ts'
import type { Finding } from './rule.ts'

const finding = (given: Partial<Finding<'new_sender'>> = {}): Finding<'new_sender'> => ({
  rule: 'new_sender',
  subject: 'sender:1:',
  senderId: 1,
  day: '2026-03-01',
  facts: { sender: 's.example', kind: 'domain', firstDay: '2026-02-27', days: 2, messages: 12, aligned: 0, sources: 1 },
  isOver: false,
  ...given,
})
const rise = (day: string): Finding<'failing_rise'> => ({
  rule: 'failing_rise',
  subject: 'domain',
  senderId: null,
  day,
  facts: { failing: 9, usual: 1, messages: 10 },
  isOver: false,
})
const known = ({ rule, subject, day, facts }: Finding, state: KnownAlert['state'] = 'open', id = 7): KnownAlert => ({
  id,
  rule,
  subject,
  day,
  state,
  facts,
  isReopened: false,
})
const nothing = { fired: [], changed: [], moved: [] }
const old = '2026-01-01'

describe('alerts that fired before, and what the data say now', () => {
  it('fire once, whatever a person did with them', () => {
    for (const state of ['open', 'acknowledged', 'snoozed', 'closed', 'learnt'] as const) {
      expect(reconcile([finding()], [known(finding(), state)], old)).toEqual(nothing)
    }
  })

  it('are the same when late reports move their day within the tolerance of the rule', () => {
    expect(reconcile([finding({ day: '2026-02-01' })], [known(finding())], old)).toMatchObject({
      fired: [],
      changed: [{ id: 7 }],
      moved: [],
    })
    expect(reconcile([rise('2026-03-03')], [known(rise('2026-03-06'))], old)).toMatchObject({ fired: [], changed: [{ id: 7 }] })
    expect(reconcile([rise('2026-03-20')], [known(rise('2026-03-06'))], old)).toMatchObject({
      fired: [{ state: 'open' }],
      moved: [{ id: 7, state: 'withdrawn' }],
    })
  })

  it('take the nearest of several', () => {
    const alerts = [known(rise('2026-03-01'), 'open', 1), known(rise('2026-03-06'), 'open', 2)]
    expect(reconcile([rise('2026-03-05')], alerts, old)).toMatchObject({ changed: [{ id: 2 }], moved: [{ id: 1, state: 'withdrawn' }] })
  })

  it('are not touched by facts that only stand in another order', () => {
    const turned = Object.fromEntries(Object.entries(finding().facts).toReversed())
    expect(reconcile([finding()], [{ ...known(finding()), facts: turned }], old)).toEqual(nothing)
  })

  it('are withdrawn when later reports contradict them, and come back with the evidence', () => {
    expect(reconcile([], [known(finding())], old).moved).toEqual([{ id: 7, state: 'withdrawn' }])
    expect(reconcile([], [known(finding(), 'withdrawn')], old)).toEqual(nothing)
    expect(reconcile([finding()], [known(finding(), 'withdrawn')], old).moved).toEqual([{ id: 7, state: 'open' }])
  })

  it('close when what they tell is over', () => {
    expect(reconcile([finding({ isOver: true })], [known(finding())], old).moved).toEqual([{ id: 7, state: 'closed' }])
    expect(reconcile([finding({ isOver: true })], [{ ...known(finding()), isReopened: true }], old)).toEqual(nothing)
    const mailbox = { rule: 'mailbox_failing', subject: 'mailbox:1:x', day: '2026-03-01', facts: {} } as Finding
    expect(reconcile([], [known(mailbox)], old).moved).toEqual([{ id: 7, state: 'closed' }])
    expect(reconcile([], [known(mailbox, 'closed')], old)).toEqual(nothing)
  })

  it('are learnt in silence when they are old, and none when people had decided before', () => {
    expect(reconcile([finding()], [], '2026-03-02').fired).toMatchObject([{ state: 'learnt' }])
    expect(reconcile([finding({ isOver: true })], [], old)).toEqual(nothing)
  })
})

describe('the house', () => {
  const trouble = { id: 3, name: 'reports@example.com', message: 'The password was refused.', since: '2026-03-01T10:00:00Z' }

  it('tells of a mailbox that has not been reached for half an hour', () => {
    expect(decideHouse({ unread: [], mailboxes: [{ ...trouble, minutes: 29 }] }, new Map())).toEqual([])
    expect(decideHouse({ unread: [], mailboxes: [{ ...trouble, minutes: 30 }] }, new Map())).toMatchObject([
      { rule: 'mailbox_failing', day: '2026-03-01', facts: { mailbox: 'reports@example.com' } },
    ])
  })

  it('tells of unread mails once for days in a row', () => {
    const unread = ['2026-03-01', '2026-03-02', '2026-03-04', '2026-03-20'].map((day) => ({ day, mails: 2, code: 'no_report' }))
    expect(decideHouse({ unread, mailboxes: [] }, new Map()).map(({ day }) => day)).toEqual(['2026-03-01', '2026-03-20'])
  })
})
