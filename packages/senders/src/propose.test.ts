import { describe, expect, it } from 'vitest'
import { propose, type Standing } from './propose.ts'

const nothing: Standing = {
  kind: 'domain',
  role: null,
  isOwnOrganisation: false,
  looksLikeList: false,
  messages: 100,
  bothAligned: 0,
  dkimAligned: 0,
  spfAligned: 0,
  signedElsewhere: 0,
  signatureBroken: 0,
  foreignSpfPass: 0,
  spfFail: 0,
  mailingList: 0,
  forwarded: 0,
  arc: 0,
  sources: 2,
  namedSources: 1,
  days: 10,
  spanDays: 30,
  failingDomains: 1,
}
const judged = (given: Partial<Standing>) => propose({ ...nothing, ...given })
const codes = (given: Partial<Standing>) => judged(given).reasons.map(({ code }) => code)

describe('what a sender seems to be', () => {
  it('takes aligned passes with a key of its own for proof of control: a hired service', () => {
    expect(judged({ kind: 'newsletter', dkimAligned: 95, foreignSpfPass: 100 })).toEqual({
      state: 'approved',
      reasons: [{ code: 'control_proven', facts: { passing: 95, messages: 100 } }],
    })
  })

  it('takes a group without a name in the catalogue that SPF of the domain lists for its own', () => {
    expect(judged({ kind: 'network', bothAligned: 100 }).state).toBe('own')
    expect(judged({ kind: 'domain', dkimAligned: 100, foreignSpfPass: 100 }).state).toBe('approved')
  })

  it('takes the own organisation for own as soon as any of its mail passes, and not before', () => {
    expect(judged({ isOwnOrganisation: true, spfAligned: 1, spfFail: 99 }).state).toBe('own')
    expect(judged({ isOwnOrganisation: true, spfFail: 100, namedSources: 0 }).state).not.toBe('own')
  })

  it('takes passes with a key that another sender uses more for forwarding', () => {
    expect(judged({ dkimAligned: 100, signedElsewhere: 100, spfFail: 100 }).state).toBe('forwarder')
    expect(codes({ dkimAligned: 100, signedElsewhere: 100, foreignSpfPass: 100 })).toEqual(['signed_elsewhere'])
  })

  it('does not take a service for a forwarder because a few of its messages were passed on', () => {
    expect(judged({ kind: 'mailbox_provider', bothAligned: 90, dkimAligned: 10, signedElsewhere: 10 }).state).toBe('approved')
  })

  it('takes a broken signature of the domain beside a passing envelope for a mailing list', () => {
    expect(judged({ signatureBroken: 100, foreignSpfPass: 100 }).state).toBe('forwarder')
    expect(judged({ signatureBroken: 100, foreignSpfPass: 100, kind: 'newsletter' }).state).toBe('unknown')
  })

  it.each([['mailingList'], ['forwarded']] as const)('believes reporters that say %s', (hint) => {
    expect(judged({ [hint]: 5, foreignSpfPass: 100 }).state).toBe('forwarder')
  })

  it('believes an ARC chain only when most of the mail has one: some reporters write it beside everything', () => {
    expect(judged({ arc: 60, foreignSpfPass: 100 }).state).toBe('forwarder')
    expect(codes({ arc: 10, foreignSpfPass: 100 })).not.toContain('arc')
  })

  it('knows scanners and forwarders of the catalogue whatever their mail looks like', () => {
    expect(judged({ kind: 'scanner', role: 'scans' }).state).toBe('forwarder')
    expect(judged({ kind: 'forwarder', role: 'forwards', spfFail: 100 }).state).toBe('forwarder')
  })

  it('takes few messages without name, signature and permission for forged', () => {
    expect(judged({ kind: 'address', messages: 3, spfFail: 3, namedSources: 0, sources: 1 }).state).toBe('rejected')
  })

  it('leaves a machine that sends day by day to a person, permitted or not', () => {
    const printer = { kind: 'address', spfFail: 100, namedSources: 0, sources: 1 } as const
    expect(judged({ ...printer, days: 20, spanDays: 25 }).state).toBe('unknown')
    expect(judged({ ...printer, days: 20, spanDays: 60 }).state).toBe('rejected')
  })

  it('takes an unnamed address that sends as many domains for a forger, and leaves one whose operator answers for it to a person', () => {
    expect(judged({ foreignSpfPass: 100, failingDomains: 5, messages: 100 }).state).toBe('unknown')
    expect(judged({ kind: 'address', spfFail: 100, failingDomains: 5 }).state).toBe('rejected')
  })

  it('leaves a service that fails, and whoever answers for his mail, to a person', () => {
    expect(judged({ kind: 'helpdesk', foreignSpfPass: 100 }).state).toBe('unknown')
    expect(judged({ foreignSpfPass: 100 }).state).toBe('unknown')
  })

  it('says nothing about one without mail', () => {
    expect(judged({ messages: 0 })).toEqual({ state: 'unknown', reasons: [] })
  })
})
