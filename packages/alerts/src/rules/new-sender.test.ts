import { describe, expect, it } from 'vitest'
import { day, daysOf, history, sender } from '../../testing/written-days.ts'
import { decideDomain, type RuleOverrides } from '../registry.ts'

const none: RuleOverrides = new Map()
const find = (senders: ReturnType<typeof sender>[], overrides = none) =>
  decideDomain(history({ senders }), overrides).filter(({ rule }) => rule === 'new_sender')

describe('a new sender', () => {
  it('fires on the day on which it has sent enough, on days enough', () => {
    expect(find([sender({ days: daysOf(20, 10, 4, 1), sources: 7 })])).toEqual([
      {
        rule: 'new_sender',
        subject: 'sender:1:',
        senderId: 1,
        day: day(22),
        facts: { sender: 'service.example', kind: 'domain', firstDay: day(20), days: 3, messages: 12, aligned: 3, sources: 7 },
        isOver: false,
      },
    ])
  })

  it('waits for a second day, unless very much comes at once', () => {
    expect(find([sender({ days: daysOf(20, 1, 150, 0) })])).toEqual([])
    expect(find([sender({ days: daysOf(20, 1, 200, 0) })])).toHaveLength(1)
  })

  it('is silent about what a domain had in its first two weeks', () => {
    expect(find([sender({ days: daysOf(13, 40, 100, 0) })])).toEqual([])
    expect(find([sender({ days: daysOf(14, 40, 100, 0) })])).toHaveLength(1)
  })

  it('knows one that was there before the history that is looked at', () => {
    expect(find([sender({ days: daysOf(30, 10, 100, 0), firstDay: day(3) })])).toEqual([])
  })

  it('leaves out forwarders, scanners and what looks forged, and not a service that proves control', () => {
    const days = daysOf(20, 10, 100, 100)
    expect(find([sender({ days, passesOn: true })])).toEqual([])
    expect(find([sender({ days, state: 'forwarder' })])).toEqual([])
    expect(find([sender({ days, state: 'rejected' })])).toEqual([])
    expect(find([sender({ days, state: 'approved' })])).toHaveLength(1)
  })

  it('leaves out bare addresses that never pass', () => {
    expect(find([sender({ kind: 'address', name: '203.0.113.9', days: daysOf(20, 10, 100, 0) })])).toEqual([])
    expect(find([sender({ kind: 'address', name: '203.0.113.9', days: daysOf(20, 10, 100, 1) })])).toHaveLength(1)
  })

  it('is over when a person has decided', () => {
    expect(find([sender({ days: daysOf(20, 10, 100, 0), state: 'rejected', decided: true })])).toMatchObject([{ isOver: true }])
  })

  it('goes by its settings, and draws wild ones to their bounds', () => {
    const days = daysOf(20, 3, 4, 0)
    const set = (settings: Record<string, unknown>, enabled = true) => new Map([['new_sender', { enabled, settings }]])
    expect(find([sender({ days })], set({ minimumMessages: 13 }))).toEqual([])
    expect(find([sender({ days })], set({ minimumMessages: 4, minimumDays: 1 }))).toMatchObject([{ day: day(20) }])
    expect(find([sender({ days })], set({ learnDays: 1e9 }))).toEqual([])
    expect(find([sender({ days })], set({ minimumMessages: 'many' }))).toHaveLength(1)
    expect(find([sender({ days })], set({}, false))).toEqual([])
  })
})
