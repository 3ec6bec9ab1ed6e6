import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CoreNames, childrenOf, hasBareAmpersand, nameOf, parseElement, RecordParser, textOf } from './element.ts'

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

test('a record parser gives what a plain parse gives, whether it remembers the end of a record or not', () => {
  const child = fc.constantFrom(
    '<row><count>1</count></row>',
    '<row><count>2</count></row>',
    '<b/>',
    '<c>x &amp; y</c>',
    '<c><![CDATA[</b>]]></c>',
  )
  const records = fc.array(fc.array(child, { maxLength: 4 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(records, (list) => {
      const parser = new RecordParser()
      for (const children of list) {
        const text = `<record>${children.join('')}</record>`
        const [first = ''] = children
        // The scanner does not take an empty element for a first child.
        const firstChildEnd = first === '' || first === '<b/>' ? 0 : '<record>'.length + first.length
        expect(parser.parse({ name: 'record', text, firstChildEnd, damage: 'none' })).toEqual(parseElement(text))
      }
    }),
  )
})

test('a record parser stays right after it gave up remembering', () => {
  const parser = new RecordParser()
  for (let index = 0; index < 3000; index++) {
    const text = `<record><row>${index}</row><id>${index}</id></record>`
    const children = parser.parse({ name: 'record', text, firstChildEnd: text.indexOf('<id>'), damage: 'none' })
    expect(children.map((it) => `${nameOf(it)}=${textOf(it)}`)).toEqual([`row=${index}`, `id=${index}`])
    expect(children.every((it) => childrenOf(it).length === 1)).toBe(true)
  }
})
