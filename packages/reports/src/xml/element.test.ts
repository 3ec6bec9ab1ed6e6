import { expect, test } from 'vitest'
import { CoreNames, hasBareAmpersand, parseElement, textOf } from './element.ts'

const textIn = (xml: string) => textOf({ a: parseElement(xml) })

test('text and CDATA are one text, trimmed', () => {
  expect(textIn('<a> x <![CDATA[<y>]]></a>')).toBe('x<y>')
  expect(textIn('<a>\n\t</a>')).toBe('')
  expect(textIn('<a/>')).toBe('')
})

test('numbers and booleans stay what they were', () => {
  for (const text of ['007', '1e5', 'true', '0x10', '12345678901234567890']) expect(textIn(`<a>${text}</a>`)).toBe(text)
})

test('only the five built-in entities and numeric references are decoded, once, and not in CDATA', () => {
  expect(textIn('<a>&lt;&amp;lt;&gt;&quot;&apos;&#65;&#x42;&nbsp;</a>')).toBe('<&lt;>"\'AB&nbsp;')
  expect(textIn('<a><![CDATA[&lt;]]></a>')).toBe('&lt;')
})

test('an ampersand that starts no reference is noticed outside of CDATA', () => {
  expect(hasBareAmpersand('<a>x?a=1&b=2</a>')).toBe(true)
  expect(hasBareAmpersand('<a>AT&T</a>')).toBe(true)
  expect(hasBareAmpersand('<a>&lt;&#12;&#xaF;&amp;</a>')).toBe(false)
  expect(hasBareAmpersand('<a><![CDATA[a & b]]></a>')).toBe(false)
})

test('names of an extension are told from the core by their prefix', () => {
  const names = new CoreNames(['', 'd'])
  expect([names.coreName('row'), names.coreName('d:row'), names.coreName('x:row')]).toEqual(['row', 'row', null])
})
