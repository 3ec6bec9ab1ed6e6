import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultLimits } from '../limits.ts'
import { ValueReader } from './values.ts'
import { WarningLog } from './warning-log.ts'
import { dispositions, spfResults, verdicts } from './words.ts'

const log = () => new WarningLog(defaultLimits)
const reader = (warnings = log()) => new ValueReader(defaultLimits, warnings)

describe('domains', () => {
  test.each([
    ['example.com', 'example.com'],
    ['EXAMPLE.com.', 'example.com'],
    ['<example.com>', 'example.com'],
    ['someone@Example.com', 'example.com'],
    ['Some One <someone@example.com>', 'example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['XN--BCHER-KVA.EXAMPLE.', 'xn--bcher-kva.example'],
    ['_spf.example.com', '_spf.example.com'],
  ])('%s is %s', (raw, domain) => {
    const warnings = log()
    expect(reader(warnings).domain(raw, 'p')).toBe(domain)
    expect(warnings.list()).toEqual([])
  })

  test('an odd one is kept and noted', () => {
    const warnings = log()
    expect(reader(warnings).domain('<b>example.com</b>', 'header_from')).toBe('<b>example.com</b>')
    expect(warnings.list()).toEqual([{ code: 'invalid_domain', path: 'header_from', value: '<b>example.com</b>' }])
  })

  test.each(['', '<>', '.', '@'])('%j is none', (raw) => {
    expect(reader().domain(raw, 'p')).toBeNull()
  })
})

describe('integers', () => {
  test.each([
    ['12', 12],
    ['1337270400.0', 1337270400],
    ['-3', -3],
    ['007', 7],
  ])('%s is %d', (raw, value) => {
    expect(reader().integer(raw)).toBe(value)
  })

  test.each(['', '1,024', '1e3', '0x10', '12 ', 'NaN', '9007199254740993', '9'.repeat(100_000), '1.'])('%j is none', (raw) => {
    expect(reader().integer(raw)).toBeNull()
  })
})

describe('addresses', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['[2001:db8::0001]', '2001:db8::1'],
  ])('%s is %s', (raw, address) => {
    expect(reader().address(raw)).toBe(address)
  })

  test.each(['010.001.002.003', '999.1.1.1', '192.0.2.0/24', 'mail.example.net', 'fe80::1%eth0', ''])('%j is none', (raw) => {
    expect(reader().address(raw)).toBeNull()
  })
})

describe('words', () => {
  test('are taken in any case and by their aliases', () => {
    expect(reader().word('Pass', verdicts, 'p')).toBe('pass')
    expect(reader().word('hardfail', spfResults, 'p')).toBe('fail')
    expect(reader().word('softfail', dispositions, 'p')).toBe('none')
  })

  test('outside the list are unknown and noted, never pass', () => {
    const warnings = log()
    for (const word of ['passed', '__proto__', 'toString', 'pass ']) expect(reader(warnings).word(word, verdicts, 'p')).toBe('unknown')
    expect(warnings.list()).toHaveLength(4)
  })

  test('that are absent are null', () => {
    expect(reader().word('', verdicts, 'p')).toBeNull()
  })
})

describe('texts', () => {
  test('lose control characters and what is past the limit, without half a character at the end', () => {
    const warnings = log()
    expect(reader(warnings).text('a\u0000b\u001bc', 'p')).toBe('abc')
    const cut = reader(warnings).text(`${'x'.repeat(1023)}😀`, 'p')
    expect(cut).toBe('x'.repeat(1023))
    expect(warnings.list().map((it) => it.code)).toEqual(['text_cut'])
  })

  test('never hold what a database refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (raw) => {
        const warnings = log()
        const kept = [reader(warnings).text(raw, 'p'), reader(warnings).domain(raw, 'p'), ...warnings.list().map((it) => it.value)]
        for (const text of kept) expect(text ?? '').not.toMatch(/\u0000|[\ud800-\udbff](?![\udc00-\udfff])/)
      }),
      { numRuns: 25, seed: 1 },
    )
  })
})

test('warnings are bounded, and the last says how many are missing', () => {
  const warnings = new WarningLog({ ...defaultLimits, warnings: 3 })
  for (let index = 0; index < 10; index++) warnings.add('odd', String(index), 'x'.repeat(5000))
  expect(warnings.list().map((it) => it.path)).toEqual(['0', '1', '2', ''])
  expect(warnings.list().at(-1)).toEqual({ code: 'more_warnings', path: '', value: '7' })
  expect(warnings.list()[0]?.value).toHaveLength(100)
})
