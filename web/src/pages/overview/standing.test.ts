import type { DomainItem, SourceItem } from '@ruadar/contract'
import { describe, expect, it } from 'vitest'
import { type Domains, nextStepOf, standingOf } from './standing.ts'

const noPolicy = { p: null, sp: null, np: null, adkim: null, aspf: null, pct: null, fo: null, testing: null, discoveryMethod: null }

function domain(
  name: string,
  messages: number,
  dmarcPass: number,
  policy: Partial<typeof noPolicy> | Record<string, unknown> | null = { p: 'none' },
): DomainItem {
  return {
    domain: name,
    messages,
    dmarcPass,
    dmarcFail: messages - dmarcPass,
    dkimAligned: 0,
    spfAligned: 0,
    reports: 1,
    policy: policy === null ? null : { ...noPolicy, ...policy },
    lastReportAt: null,
  }
}

/** What the page asks for of these domains. */
function together(...items: DomainItem[]): Domains {
  const active = items.filter((item) => item.messages > 0)
  const enforcing = active.filter(({ policy }) => policy?.p === 'quarantine' || policy?.p === 'reject')
  return {
    counts: { domains: active.length, enforcing: enforcing.length },
    messages: active.reduce((sum, item) => sum + item.messages, 0),
    pass: active.reduce((sum, item) => sum + item.dmarcPass, 0),
    largest: items.toSorted((a, b) => b.messages - a.messages)[0],
    worst: items.toSorted((a, b) => b.dmarcFail - a.dmarcFail)[0],
  }
}

const failing: SourceItem = {
  source: '203.0.113.7',
  messages: 100,
  dmarcPass: 0,
  dmarcFail: 100,
  dkimAligned: 0,
  spfAligned: 0,
  firstDay: '2026-11-01',
  lastDay: '2026-11-02',
  reasons: [],
}

describe('where the owner stands', () => {
  it('is the policy and the share of one domain', () => {
    expect(standingOf(together(domain('example.com', 1000, 900), domain('example.net', 0, 0)))).toEqual({
      code: 'one_domain',
      domain: 'example.com',
      policy: 'none',
      messages: 1000,
      pass: 900,
    })
  })

  it('is the sum of several domains and how many enforce', () => {
    const standing = standingOf(together(domain('example.com', 1000, 900), domain('example.net', 100, 100, { p: 'reject' })))
    expect(standing).toEqual({ code: 'many_domains', domains: 2, enforcing: 1, messages: 1100, pass: 1000 })
  })

  it('is nothing without mail', () => {
    expect(standingOf(together())).toEqual({ code: 'no_mail' })
    expect(nextStepOf(together(), [])).toBeNull()
  })
})

describe('the next step', () => {
  it('is the largest failing source while much fails', () => {
    expect(nextStepOf(together(domain('example.com', 1000, 900)), [failing])).toEqual({
      code: 'fix_source',
      source: failing,
      enforced: false,
    })
  })

  it('is a stricter policy once nearly all passes', () => {
    expect(nextStepOf(together(domain('example.com', 1000, 990)), [failing])).toEqual({
      code: 'tighten',
      domain: 'example.com',
      to: 'quarantine',
      failing: 10,
    })
    expect(nextStepOf(together(domain('example.com', 1000, 1000, { p: 'quarantine' })), [])).toMatchObject({
      code: 'tighten',
      to: 'reject',
    })
  })

  it('is to apply the policy to all mail before making it stricter', () => {
    expect(nextStepOf(together(domain('example.com', 100, 100, { p: 'quarantine', pct: 25 })), [])).toEqual({
      code: 'roll_out',
      domain: 'example.com',
      pct: 25,
    })
    expect(nextStepOf(together(domain('example.com', 100, 100, { p: 'reject', testing: 'y' })), [])).toEqual({
      code: 'roll_out',
      domain: 'example.com',
      pct: null,
    })
  })

  it('is to publish a policy where none is known', () => {
    expect(nextStepOf(together(domain('example.com', 100, 100, null)), [])).toEqual({ code: 'publish', domain: 'example.com' })
  })

  it('is to watch when reject is in force and all passes', () => {
    expect(nextStepOf(together(domain('example.com', 100, 100, { p: 'reject' })), [])).toEqual({ code: 'watch' })
  })

  it('is the domain with most failing mail when there are several', () => {
    const worst = domain('example.net', 500, 100)
    expect(nextStepOf(together(domain('example.com', 1000, 900), worst), [failing])).toEqual({ code: 'look_at_domain', domain: worst })
  })
})
