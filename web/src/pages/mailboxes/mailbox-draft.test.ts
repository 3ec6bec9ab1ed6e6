import type { Mailbox } from '@ruadar/contract'
import { describe, expect, it } from 'vitest'
import { draftOf, EMPTY_DRAFT, inputOf, presetOf, withPreset, withSecurity } from './mailbox-draft.ts'

const draft = { ...EMPTY_DRAFT, host: ' imap.example.com ', user: 'dmarc@example.com', password: 'secret words' }

describe('the mailbox form', () => {
  it('sends what was typed, tidied', () => {
    expect(inputOf({ ...draft, folders: 'INBOX\n\n DMARC \nINBOX' })).toEqual({
      name: 'dmarc@example.com',
      host: 'imap.example.com',
      port: 993,
      security: 'tls',
      user: 'dmarc@example.com',
      auth: { kind: 'password', password: 'secret words' },
      folders: ['INBOX', 'DMARC'],
      afterwards: { action: 'leave' },
      acceptInvalidCertificate: false,
      enabled: true,
    })
  })

  it('leaves secrets out that were not typed, so that the stored ones stay', () => {
    expect(inputOf({ ...draft, password: '' }).auth).toEqual({ kind: 'password' })
    expect(inputOf({ ...draft, authKind: 'oauth2', tokenUrl: 'https://id.example/token', clientId: 'c' }).auth).toEqual({
      kind: 'oauth2',
      tokenUrl: 'https://id.example/token',
      clientId: 'c',
    })
  })

  it('shows a known mailbox as it is, without secrets', () => {
    const mailbox: Mailbox = {
      id: 1,
      name: 'Reports',
      host: 'imap.example.com',
      port: 143,
      security: 'starttls',
      user: 'dmarc@example.com',
      authKind: 'password',
      folders: [
        { folder: 'INBOX', total: null, remaining: null, fetched: 0, lastMailAt: null, syncedAt: null },
        { folder: 'Old', total: null, remaining: null, fetched: 0, lastMailAt: null, syncedAt: null },
      ],
      afterwards: { action: 'move', folder: 'Done' },
      acceptInvalidCertificate: false,
      enabled: true,
      managedBy: 'page',
      status: 'watching',
      statusMessage: null,
      statusAt: null,
    }
    expect(inputOf(draftOf(mailbox))).toMatchObject({
      name: 'Reports',
      port: 143,
      security: 'starttls',
      folders: ['INBOX', 'Old'],
      afterwards: { action: 'move', folder: 'Done' },
      auth: { kind: 'password' },
    })
  })

  it('fills in what the large providers ask for', () => {
    const gmail = withPreset(draft, 'gmail')
    expect(presetOf(gmail)).toBe('gmail')
    expect(inputOf(gmail)).toMatchObject({
      host: 'imap.gmail.com',
      security: 'tls',
      auth: { kind: 'oauth2', scope: 'https://mail.google.com/' },
    })
    expect(presetOf(withPreset(draft, 'microsoft365'))).toBe('microsoft365')
    expect(presetOf(draft)).toBe('other')
  })

  it('moves the usual port with the encryption and leaves an unusual one', () => {
    expect(withSecurity(draft, 'starttls').port).toBe('143')
    expect(withSecurity({ ...draft, port: '1993' }, 'starttls').port).toBe('1993')
  })
})
