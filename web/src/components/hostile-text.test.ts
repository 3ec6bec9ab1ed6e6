import { describe, expect, it } from 'vitest'
import { shownText } from './shown-text.ts'
import { webAddress } from './web-address.ts'

describe('text from a report', () => {
  it('is shown as it is when it is honest, in any script', () => {
    for (const text of ['example.com', 'Пример Почта', '例え.example', 'مثال', 'a\tb', '😀 mail']) expect(shownText(text)).toBe(text)
  })

  it('names the characters that turn the reading direction, instead of obeying them', () => {
    expect(shownText('moc.\u202eelpmaxe\u202c')).toBe('moc.‹U+202E›elpmaxe‹U+202C›')
    expect(shownText('\u2066a\u2069')).toBe('‹U+2066›a‹U+2069›')
  })

  it('names what can not be seen', () => {
    expect(shownText('exa\u200bmple.com')).toBe('exa‹U+200B›mple.com')
    expect(shownText('a\u0000b\u001b[31m')).toBe('a‹U+0000›b‹U+001B›[31m')
    expect(shownText('\ufeffx\u00ad')).toBe('‹U+FEFF›x‹U+00AD›')
  })

  it('names halves of characters and leaves whole ones', () => {
    expect(shownText('\ud83dx')).toBe('‹U+D83D›x')
    expect(shownText('\ude00')).toBe('‹U+DE00›')
  })

  it('cuts what has no end', () => {
    expect(shownText('x'.repeat(100_000)).length).toBeLessThan(2100)
  })
})

describe('an address from a report', () => {
  it('becomes a link only as http or https', () => {
    expect(webAddress('https://example.com/dmarc')).toBe('https://example.com/dmarc')
    expect(webAddress('HTTP://example.com')).toBe('http://example.com/')
    const refused = [
      'javascript:alert(1)',
      'data:text/html,x',
      ' https://example.com',
      '//example.com',
      'mailto:a@example.com',
      'https://',
      'java\nscript:x',
    ]
    expect(refused.filter((text) => webAddress(text) !== null)).toEqual([])
  })

  it('is no link when it hides its host behind a name', () => {
    expect(webAddress('https://bank.example@203.0.113.1/')).toBeNull()
  })
})
