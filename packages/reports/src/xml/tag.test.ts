import { describe, expect, test } from 'vitest'
import { defaultLimits } from '../limits.ts'
import { localName, prefixOf, readAttributes, readStartTag } from './tag.ts'

describe('readStartTag', () => {
  test.each([
    ['<row>', { name: 'row', end: 4, selfClosing: false, attributes: '' }],
    ['<row/>', { name: 'row', end: 5, selfClosing: true, attributes: '' }],
    ['<x:row a="1>2" b=\'"\' />', { name: 'x:row', end: 22, selfClosing: true, attributes: 'a="1>2" b=\'"\'' }],
    ['<row\n>', { name: 'row', end: 5, selfClosing: false, attributes: '' }],
  ])('reads %j', (text, tag) => {
    expect(readStartTag(text, 0)).toEqual(tag)
  })

  test.each(['<', '<row', '<row a="1', '<row a="1>'])('waits for the end of %j', (text) => {
    expect(readStartTag(text, 0)).toBe('incomplete')
  })

  test.each(['< b>', '<1>', '<<a>', '<a@example.com>', '<a <b>', '<a "x <b>', '<=>'])('takes %j for text', (text) => {
    expect(readStartTag(text, 0)).toBe('text')
  })
})

describe('readAttributes', () => {
  test.each([
    ['a="1" b=\'2\'', { a: '1', b: '2' }],
    ['a = "1 = 2"\n\tb="/"', { a: '1 = 2', b: '/' }],
    ['xmlns="urn:x" xmlns:d="urn:d"', { xmlns: 'urn:x', 'xmlns:d': 'urn:d' }],
    ['checked a="1"', { checked: '', a: '1' }],
    ['a=1 b="2"', { a: '', '1': '', b: '2' }],
    ['a="never ends', { a: '' }],
    ['', {}],
  ])('reads %j', (text, attributes) => {
    expect(Object.fromEntries(readAttributes(text, defaultLimits))).toEqual(attributes)
  })

  test('refuses the same name twice', () => {
    expect(() => readAttributes('a="1" a="1"', defaultLimits)).toThrow('same attribute twice')
  })
})

test('names have a prefix and a local part', () => {
  expect([prefixOf('d:row'), localName('d:row'), prefixOf('row'), localName('row')]).toEqual(['d', 'row', '', 'row'])
})
