import type { Channel } from '@ruadar/contract'
import { describe, expect, it } from 'vitest'
import { draftOf, emptyDraft, inputOf, makeSigningKey, withSecurity } from './channel-draft.ts'

const channel: Channel = {
  id: 1,
  name: 'Desk',
  kind: 'email',
  language: 'ru',
  enabled: false,
  rules: ['spoofing'],
  domains: ['example.com'],
  digest: 'daily',
  digestHour: 0,
  target: { host: 'smtp.example.com', port: 2525, security: 'starttls', user: 'ruadar', to: ['a@example.com', 'b@example.com'] },
  secrets: ['password'],
  address: 'a@example.com',
  status: 'working',
  lastSuccessAt: null,
  lastFailureAt: null,
  lastFailure: null,
  failingSince: null,
  waiting: 0,
}

describe('the form of a channel', () => {
  it('sends back what was stored, and no secret that nobody entered', () => {
    expect(inputOf(draftOf(channel))).toEqual({
      name: 'Desk',
      language: 'ru',
      enabled: false,
      rules: ['spoofing'],
      domains: ['example.com'],
      digest: 'daily',
      digestHour: 0,
      target: {
        kind: 'email',
        host: 'smtp.example.com',
        port: 2525,
        security: 'starttls',
        user: 'ruadar',
        from: '',
        to: ['a@example.com', 'b@example.com'],
        acceptInvalidCertificate: false,
      },
    })
  })

  it('has digests by e-mail only', () => {
    expect(inputOf({ ...emptyDraft('en'), kind: 'slack', url: 'https://hooks.example/x', digest: 'daily' })).toMatchObject({
      digest: 'none',
      target: { kind: 'slack', url: 'https://hooks.example/x' },
    })
  })

  it('takes names one on each line, once, in small letters; none are all', () => {
    expect(inputOf({ ...emptyDraft('en'), domains: ' Example.com\n\nexample.net, example.com ' }).domains).toEqual([
      'example.com',
      'example.net',
    ])
    expect(inputOf(emptyDraft('en')).domains).toBeNull()
  })

  it('follows the security with the usual port, and leaves a typed one alone', () => {
    expect(withSecurity(emptyDraft('en'), 'starttls').port).toBe('587')
    expect(withSecurity({ ...emptyDraft('en'), port: '2525' }, 'starttls').port).toBe('2525')
  })

  it('makes up another key each time', () => {
    expect(makeSigningKey()).toMatch(/^[0-9a-f]{64}$/)
    expect(makeSigningKey()).not.toBe(makeSigningKey())
  })
})
