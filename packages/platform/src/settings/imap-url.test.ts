import { describe, expect, it } from 'vitest'
import { isLoopback, parseImapUrl } from './imap-url.ts'

describe('parseImapUrl', () => {
  it('reads a mailbox over TLS', () => {
    expect(parseImapUrl('imaps://dmarc:secret@imap.example.org/INBOX')).toEqual({
      key: 'RUADAR_IMAP_URL dmarc@imap.example.org:993',
      allowPlain: false,
      input: {
        name: 'dmarc@imap.example.org',
        host: 'imap.example.org',
        port: 993,
        security: 'tls',
        user: 'dmarc',
        auth: { kind: 'password', password: 'secret' },
        folders: ['INBOX'],
        afterwards: { action: 'leave' },
        acceptInvalidCertificate: false,
      },
    })
  })

  it.each([
    ['imaps://u:p@h', 'tls', 993],
    ['IMAPS://u:p@h', 'tls', 993],
    ['imap+starttls://u:p@h', 'starttls', 143],
    ['imap://u:p@localhost', 'plain', 143],
    ['imaps://u:p@h:443', 'tls', 443],
    ['imap+starttls://u:p@h:1143/', 'starttls', 1143],
    ['imaps://u:p@[2001:db8::1]:9993/INBOX', 'tls', 9993],
  ])('%s means %s on port %i', (url, security, port) => {
    expect(parseImapUrl(url).input).toMatchObject({ security, port, folders: ['INBOX'] })
  })

  it('takes escapes in user, password and folders', () => {
    const { input } = parseImapUrl('imaps://dmarc%40example.org:p%2F%40%3A%25@imap.example.org/INBOX,Berichte%20%C3%A4lter,Lists%2FDMARC')
    expect(input).toMatchObject({
      name: 'dmarc@example.org',
      user: 'dmarc@example.org',
      auth: { password: 'p/@:%' },
      folders: ['INBOX', 'Berichte älter', 'Lists/DMARC'],
    })
  })

  it('takes an @ in the user that was not escaped', () => {
    expect(parseImapUrl('imaps://dmarc@example.org:secret@imap.example.org').input).toMatchObject({
      user: 'dmarc@example.org',
      host: 'imap.example.org',
    })
  })

  it('gives an IPv6 host without its brackets', () => {
    expect(parseImapUrl('imap://u:p@[::1]:1143').input).toMatchObject({ host: '::1', security: 'plain' })
  })

  it.each([
    ['', { action: 'leave' }],
    ['?after=leave', { action: 'leave' }],
    ['?after=seen', { action: 'seen' }],
    ['?after=move&folder=Read%20reports', { action: 'move', folder: 'Read reports' }],
    ['?after=delete&days=0', { action: 'delete', days: 0 }],
    ['?after=delete&days=30', { action: 'delete', days: 30 }],
  ])('reads from "%s" what happens to a mail afterwards', (query, afterwards) => {
    expect(parseImapUrl(`imaps://u:p@h/INBOX${query}`).input.afterwards).toEqual(afterwards)
  })

  it('allows what is insecure only when it is said', () => {
    expect(parseImapUrl('imaps://u:p@h?insecure=certificate').input.acceptInvalidCertificate).toBe(true)
    const plain = parseImapUrl('imap://u:p@mail.example.org?insecure=plain&insecure=certificate')
    expect(plain).toMatchObject({ allowPlain: true, input: { acceptInvalidCertificate: true } })
  })

  it.each([
    ['imap://u:geheim@mail.example.org/INBOX', 'would send the password to mail.example.org unencrypted'],
    ['http://u:geheim@h', 'must start with imaps://'],
    ['geheim', 'is not a URL'],
    ['imaps://mail.example.org/geheim', 'needs user and password'],
    ['imaps://geheim@h', 'needs user and password'],
    ['imaps://u:geheim@h:99999', 'is not a URL'],
    ['imaps://u:gehe#im@h', 'is not a URL'],
    ['imaps://u:geheim%@h', 'begins no escape'],
    ['imaps://u:geheim@h/INBOX%', 'begins no escape'],
    ['imaps://u:geheim@h?after=move', 'after=move without folder='],
    ['imaps://u:geheim@h?after=delete', 'after=delete without days=N'],
    ['imaps://u:geheim@h?after=delete&days=-1', 'after=delete without days=N'],
    ['imaps://u:geheim@h?after=delete&days=1.5', 'after=delete without days=N'],
    ['imaps://u:geheim@h?after=geheim', 'knows after=leave, seen, move or delete'],
  ])('refuses %s and does not repeat the secret', (url, message) => {
    expect(() => parseImapUrl(url)).toThrow(message)
    expect(() => parseImapUrl(url)).not.toThrow(/geheim|gehe#im/)
  })
})

describe('isLoopback', () => {
  it.each(['localhost', '::1', '127.0.0.1', '127.1.2.3'])('holds for %s', (host) => expect(isLoopback(host)).toBe(true))
  it.each(['localhost.example.org', '127.0.0.1.example.org', '198.51.100.1', '2001:db8::1', '0.0.0.0', ''])(
    'does not hold for "%s"',
    (host) => expect(isLoopback(host)).toBe(false),
  )
})
