import { describe, expect, test } from 'vitest'
import { isAligned, isAlignedUnder } from './alignment.ts'
import { organizationalDomain } from './organizational-domain.ts'

describe('organizationalDomain', () => {
  test.each([
    ['example.com', 'example.com'],
    ['a.b.example.com', 'example.com'],
    ['mail.example.co.uk', 'example.co.uk'],
    // A private suffix: everybody below it is somebody else.
    ['someone.github.io', 'someone.github.io'],
    // Longest match with "*" and "!" rules of the list.
    ['a.b.city.kawasaki.jp', 'city.kawasaki.jp'],
    ['a.b.c.other.kawasaki.jp', 'c.other.kawasaki.jp'],
    // No rule: the last label is the suffix.
    ['host.department.corp', 'department.corp'],
    ['_dmarc.example.com', 'example.com'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ])('of %s is %s', (domain, expected) => {
    expect(organizationalDomain(domain)).toBe(expected)
  })

  test.each(['com', 'co.uk', 'github.io', 'localhost', '192.0.2.1', ''])('of %j does not exist', (domain) => {
    expect(organizationalDomain(domain)).toBeNull()
  })

  test('is the same when asked again and after many other domains', () => {
    for (let index = 0; index < 50_000; index++) organizationalDomain(`host-${index}.example.org`)
    expect(organizationalDomain('a.b.example.com')).toBe('example.com')
    expect(organizationalDomain('a.b.example.com')).toBe('example.com')
  })
})

describe('isAligned', () => {
  test('takes the same domain in both modes', () => {
    expect(isAligned('example.com', 'example.com', 's')).toBe(true)
    expect(isAligned('example.com', 'example.com', 'r')).toBe(true)
  })

  test('takes another name of the same organisation in relaxed mode only', () => {
    expect(isAligned('mail.example.com', 'news.example.com', 'r')).toBe(true)
    expect(isAligned('mail.example.com', 'example.com', 'r')).toBe(true)
    expect(isAligned('example.com', 'mail.example.com', 's')).toBe(false)
  })

  test('never takes a name that only ends alike', () => {
    expect(isAligned('evil-example.com', 'example.com', 'r')).toBe(false)
    expect(isAligned('example.com.evil.example', 'example.com', 'r')).toBe(false)
  })

  test('never takes two customers of one private suffix for one organisation', () => {
    expect(isAligned('one.github.io', 'two.github.io', 'r')).toBe(false)
  })

  test('lets a public suffix align with itself only', () => {
    expect(isAligned('co.uk', 'co.uk', 'r')).toBe(true)
    expect(isAligned('co.uk', 'org.uk', 'r')).toBe(false)
  })

  test('never aligns an empty name', () => {
    expect(isAligned('', '', 'r')).toBe(false)
    expect(isAligned('', 'example.com', 'r')).toBe(false)
    expect(isAligned('example.com', '', 's')).toBe(false)
  })
})

describe('isAlignedUnder', () => {
  const walked = { domain: 'dept.example.com', discoveryMethod: 'treewalk' } as const

  test('takes the Policy Domain of a tree walk for the organisation of names below it', () => {
    expect(isAlignedUnder(walked, 'mail.dept.example.com', 'news.dept.example.com', 'r')).toBe(true)
    expect(isAlignedUnder(walked, 'dept.example.com', 'news.dept.example.com', 'r')).toBe(true)
    expect(isAlignedUnder(walked, 'example.com', 'news.dept.example.com', 'r')).toBe(false)
    expect(isAlignedUnder(walked, 'other.example.com', 'news.dept.example.com', 'r')).toBe(false)
  })

  test('goes by the Public Suffix List when the list was used or nothing was said', () => {
    const listed = { domain: 'dept.example.com', discoveryMethod: 'psl' } as const
    expect(isAlignedUnder(listed, 'example.com', 'news.dept.example.com', 'r')).toBe(true)
    expect(isAlignedUnder({ domain: 'dept.example.com' }, 'example.com', 'news.dept.example.com', 'r')).toBe(true)
  })

  test('goes by the Public Suffix List when the policy is that of the Author Domain or of a public suffix', () => {
    expect(isAlignedUnder(walked, 'example.com', 'dept.example.com', 'r')).toBe(true)
    expect(isAlignedUnder({ domain: 'co.uk', discoveryMethod: 'treewalk' }, 'b.co.uk', 'a.co.uk', 'r')).toBe(false)
  })

  test('leaves strict alignment as it is', () => {
    expect(isAlignedUnder(walked, 'mail.dept.example.com', 'news.dept.example.com', 's')).toBe(false)
  })
})
