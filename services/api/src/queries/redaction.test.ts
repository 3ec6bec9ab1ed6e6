import { describe, expect, it } from 'vitest'
import { redactionOf } from './redaction.ts'

describe('redaction', () => {
  const redaction = redactionOf(['anna.berg@example.org', '"B" <b@example.net>'])

  it('leaves of a recipient field the addresses without local part, and no names', () => {
    expect(redaction.recipients('"Anna Berg (home)" <anna.berg@example.org>, b@example.net')).toBe('a…@example.org, …@example.net')
    expect(redaction.recipients('undisclosed-recipients:;')).toBe('…')
    expect(redaction.recipients('postmaster')).toBe('…')
    expect(redaction.recipients('')).toBe('')
  })

  it.each(['To', 'CC', 'bcc', 'Delivered-To', 'X-Original-To', 'Envelope-To', 'resent-to'])('treats %s as a recipient field', (name) => {
    expect(redaction.field({ name, value: 'Carl <carl@example.com>' })).toEqual({ name, value: 'c…@example.com' })
  })

  it.each([
    [
      'by mx.example with ESMTP for <carl@example.com>; Sun, 15 Mar 2026',
      'by mx.example with ESMTP for <c…@example.com>; Sun, 15 Mar 2026',
    ],
    ['by mx.example for carl@example.com; Sun', 'by mx.example for <c…@example.com>; Sun'],
    ['by mx.example for <root>; Sun', 'by mx.example for <…>; Sun'],
    ['by mx.example for 3 recipients; Sun', 'by mx.example for 3 recipients; Sun'],
  ])('hides the recipient in Received: %s', (value, shown) => {
    expect(redaction.field({ name: 'Received', value }).value).toBe(shown)
  })

  it('hides known recipients wherever they stand, in bounce addresses and any case too', () => {
    expect(redaction.known('bounce+Anna.Berg=example.org@lists.example')).toBe('bounce+A…=example.org@lists.example')
    expect(redaction.known('rcpt=ANNA.BERG@EXAMPLE.ORG; b@example.net')).toBe('rcpt=A…@EXAMPLE.ORG; …@example.net')
    expect(redaction.field({ name: 'Subject', value: 'For anna.berg@example.org' }).value).toBe('For a…@example.org')
  })

  it('leaves senders and all other text alone', () => {
    expect(redaction.known('Billing <billing@example.com>')).toBe('Billing <billing@example.com>')
    expect(redaction.known(null)).toBeNull()
    expect(redactionOf([]).known('anna@example.org')).toBe('anna@example.org')
  })

  it('takes addresses for text, not for a pattern', () => {
    const odd = redactionOf(['a.+*?^${}|/-b@example.org', 'x'.repeat(64) + '@example.org'])
    expect(odd.known('to a.+*?^${}|/-b@example.org')).toBe('to a…@example.org')
    expect(odd.known('aXb@example.org')).toBe('aXb@example.org')
  })

  it('hides a local part longer than any mail server takes', () => {
    expect(redactionOf([]).recipients(`${'l'.repeat(500)}@example.org`)).toBe('l…@example.org')
  })

  it('needs time in proportion to the text', () => {
    const hostile = ['a'.repeat(200_000), '@'.repeat(200_000), 'for '.repeat(50_000), `for${' '.repeat(200_000)}`, '<'.repeat(200_000)]
    const many = redactionOf([...hostile, Array.from({ length: 1000 }, (_, n) => `a${n}@example.org`).join(' ')])
    for (const value of hostile) {
      expect(many.field({ name: 'Received', value }).value).toHaveLength(value.length)
      expect(many.field({ name: 'To', value }).value).toBe('…')
    }
  })
})
