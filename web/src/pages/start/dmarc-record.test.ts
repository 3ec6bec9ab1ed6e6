import { describe, expect, it } from 'vitest'
import { dnsName, recordsFor } from './dmarc-record.ts'

describe('a typed domain', () => {
  it('is taken in its DNS form', () => {
    expect(dnsName(' Example.COM. ')).toBe('example.com')
    expect(dnsName('пример.example')).toBe('xn--e1afmkfd.example')
  })

  it('is refused when it is none', () => {
    const texts = [
      '',
      'example',
      'a@example.com',
      'https://example.com',
      'exa mple.com',
      '192.0.2.1',
      '-a.example',
      'a..example',
      'a.example/x',
    ]
    expect(texts.filter((text) => dnsName(text) !== null)).toEqual([])
  })
})

describe('the records to publish', () => {
  it('only watch', () => {
    expect(recordsFor('example.com', 'dmarc@example.com')).toEqual([
      { name: '_dmarc.example.com', value: 'v=DMARC1; p=none; rua=mailto:dmarc@example.com' },
    ])
  })

  it('need no consent inside one domain', () => {
    expect(recordsFor('example.com', 'd@reports.example.com')).toHaveLength(1)
    expect(recordsFor('mail.example.com', 'd@example.com')).toHaveLength(1)
  })

  it('need the consent of another domain', () => {
    expect(recordsFor('example.com', 'd@reports.example')[1]).toEqual({
      name: 'example.com._report._dmarc.reports.example',
      value: 'v=DMARC1',
    })
  })

  it('can not be broken by signs in the address', () => {
    expect(recordsFor('example.com', 'a,b;c!@example.com')[0]?.value).toBe('v=DMARC1; p=none; rua=mailto:a%2Cb%3Bc%21@example.com')
  })
})
