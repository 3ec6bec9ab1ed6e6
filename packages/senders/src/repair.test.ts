import { describe, expect, it } from 'vitest'
import type { KnownSender } from './catalogue/types.ts'
import { type DiagnosisFacts, diagnosisCodes, senderStates } from './diagnosis.ts'
import { repair } from './repair.ts'

const policy = { domain: 'example.com', p: 'none' } as const
const facts: DiagnosisFacts = {
  domain: 'example.com',
  from: 'example.com',
  sender: 'ESP',
  state: 'approved',
  failingReporters: 1,
  reporters: ['google.com'],
}
const service: KnownSender = {
  id: 'esp',
  name: 'ESP',
  kind: 'newsletter',
  alignment: { dkim: 'own_domain', spf: 'own_return_path' },
  instructions: 'https://esp.example/help',
  spfInclude: 'spf.esp.example',
  records: [
    { for: 'dkim', type: 'CNAME', name: 'k1._domainkey.{domain}', value: 'dkim.esp.example' },
    { for: 'dkim', type: 'CNAME', name: 'k2._domainkey.{domain}', value: '{account}.dkim.esp.example' },
    { for: 'return_path', type: 'CNAME', name: 'bounces.{domain}', value: 'bounces.esp.example' },
  ],
}
const aligned = (alignment: KnownSender['alignment']): KnownSender => ({ ...service, alignment })
const stepsOf = (...given: Parameters<typeof repair>) => repair(...given).steps.map(({ code }) => code)

describe('repair', () => {
  it('fills in the records of a service for this domain, and marks what the service makes for each customer', () => {
    const it = repair('signed_by_service', { ...facts, from: 'news.example.com' }, service, policy)
    expect(it.steps.map(({ code }) => code)).toEqual(['sign_with_own_domain', 'publish_records', 'wait_for_reports'])
    expect(it.records).toEqual([
      { name: 'k1._domainkey.news.example.com', type: 'CNAME', value: 'dkim.esp.example', known: true },
      { name: 'k2._domainkey.news.example.com', type: 'CNAME', value: '{account}.dkim.esp.example', known: false },
    ])
    expect(it).toMatchObject({ instructions: 'https://esp.example/help', spfCanAlign: true })
  })

  it('asks for an own return path where the service cannot sign with our domain', () => {
    const it = repair('spf_foreign_bounce', facts, aligned({ dkim: 'fixed', spf: 'own_return_path' }), policy)
    expect(it.steps.map(({ code }) => code)).toEqual(['own_return_path', 'publish_records', 'wait_for_reports'])
    expect(it.records).toEqual([{ name: 'bounces.example.com', type: 'CNAME', value: 'bounces.esp.example', known: true }])
  })

  it('says so when a service can align in no way', () => {
    const it = repair('not_signed', facts, aligned({ dkim: 'none', spf: 'never' }), policy)
    expect(it.steps.map(({ code }) => code)).toEqual(['use_other_domain', 'wait_for_reports'])
    expect(it.spfCanAlign).toBe(false)
  })

  it('adds the addresses of an own server to the SPF record, and the include of a service', () => {
    const notListed = { ...facts, state: 'own' as const, bounce: 'example.com', addresses: ['192.0.2.7', '2001:db8::7'] }
    expect(repair('spf_not_listed', notListed, null, policy)).toMatchObject({
      steps: [{ code: 'add_to_spf', facts: { domain: 'example.com', value: 'ip4:192.0.2.7 ip6:2001:db8::7' } }, {}],
      records: [{ name: 'example.com', type: 'TXT', value: 'v=spf1 ip4:192.0.2.7 ip6:2001:db8::7 {terms so far}', known: false }],
      spfCanAlign: true,
    })
    expect(repair('spf_not_listed', notListed, service, policy).records[0]?.value).toBe('v=spf1 include:spf.esp.example {terms so far}')
  })

  it('writes a whole SPF record where there is none', () => {
    const none = { ...facts, bounce: 'example.com', addresses: ['192.0.2.7'], spfReason: 'no_record' as const }
    expect(repair('spf_not_listed', none, null, policy)).toMatchObject({
      steps: [{ code: 'publish_spf' }, {}],
      records: [{ value: 'v=spf1 ip4:192.0.2.7 ~all', known: true }],
    })
  })

  it('tells an own server how to sign, under a selector of its own choice', () => {
    const it = repair('not_signed', { ...facts, state: 'own' }, null, policy)
    expect(it.steps.map(({ code }) => code)).toEqual(['sign_at_server', 'wait_for_reports'])
    expect(it.records).toEqual([
      { name: '{selector}._domainkey.example.com', type: 'TXT', value: 'v=DKIM1; k=rsa; p={public key}', known: false },
    ])
  })

  it('names the missing key by selector and domain', () => {
    const missing = { ...facts, signer: 'mail.example.com', selector: 's1' }
    expect(repair('key_missing_or_revoked', missing, null, policy).records[0]?.name).toBe('s1._domainkey.mail.example.com')
  })

  it('compares the key only where no reporter sees the signature pass', () => {
    expect(stepsOf('signature_breaks', { ...facts, passingReporters: 0 }, null, policy)).toEqual([
      'compare_key',
      'sign_last',
      'wait_for_reports',
    ])
    expect(stepsOf('signature_breaks', { ...facts, passingReporters: 3 }, null, policy)).toEqual(['sign_last', 'wait_for_reports'])
  })

  it('changes the tag of the mechanism that strictness fails', () => {
    expect(repair('strict_alignment', { ...facts, mechanism: 'spf' }, null, policy).steps[0]).toEqual({
      code: 'relax',
      facts: { record: '_dmarc.example.com', value: 'aspf' },
    })
  })

  it('has nothing to repair for forged mail, and says what protects', () => {
    expect(stepsOf('spoofed', facts, null, policy)).toEqual(['nothing_spoofed', 'raise_policy'])
    expect(stepsOf('spoofed', facts, null, { ...policy, p: 'reject' })).toEqual(['nothing_spoofed', 'policy_protects'])
    expect(stepsOf('spoofed', { ...facts, policyTag: 'sp', policy: 'none' }, null, { ...policy, p: 'reject' })).toEqual([
      'nothing_spoofed',
      'raise_policy',
    ])
    expect(stepsOf('forwarded', { ...facts, state: 'unknown' }, service, policy)).toEqual(['nothing_forwarded', 'signature_survives'])
  })

  it('asks first whether an unknown sender is ours: forged mail must not end up in an SPF record', () => {
    for (const code of diagnosisCodes) {
      const steps = stepsOf(code, { ...facts, state: 'unknown' }, null, policy)
      const repairs = steps.at(-1) === 'wait_for_reports'
      expect([code, steps[0] === 'if_yours']).toEqual([code, repairs])
    }
  })

  it('has a plan for every code, whatever is known', () => {
    for (const code of diagnosisCodes)
      for (const state of senderStates)
        for (const known of [null, service, aligned({ dkim: 'fixed', spf: 'envelope_is_own' }), aligned({ dkim: 'none', spf: 'never' })])
          expect(repair(code, { ...facts, state }, known, policy).steps.length).toBeGreaterThan(0)
  })
})
