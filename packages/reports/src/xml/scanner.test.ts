import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultLimits, type Limits } from '../limits.ts'
import { ReportError } from '../report.ts'
import type { Piece } from './piece.ts'
import { FeedbackScanner } from './scanner.ts'

function scan(xml: string | readonly string[], limits: Partial<Limits> = {}) {
  const pieces: Piece[] = []
  const scanner = new FeedbackScanner(
    { ...defaultLimits, ...limits },
    {
      wants: (name) => name !== 'unwanted',
      take: (piece) => pieces.push(piece),
    },
  )
  for (const chunk of typeof xml === 'string' ? [xml] : xml) scanner.push(chunk)
  scanner.finish()
  return { pieces, root: scanner.nesting.root, oddities: [...scanner.nesting.oddities] }
}
const names = (xml: string) => scan(xml).pieces.map((it) => it.name)
function refused(xml: string, limits: Partial<Limits> = {}) {
  try {
    scan(xml, limits)
  } catch (error) {
    if (error instanceof ReportError) return error.reason
    throw error
  }
  throw new Error('it was taken')
}

const odd = `<?xml version="1.0"?><!-- <feedback> --><f:feedback xmlns:f="urn:x" a='>'>
  <f:report_metadata><a>1</a><!-- <record> --></f:report_metadata><unwanted>x</unwanted>
  <record a="1 > 0"><row><![CDATA[</record>]]></row></record><?pi <record> ?><record/>
</f:feedback>
`

describe('finds the children of feedback', () => {
  test('by path: not in an extension, CDATA, a comment or an instruction', () => {
    const xml = `<feedback><extension><x:record xmlns:x="urn:x"><record>no</record></x:record></extension>
      <!-- <record>no</record> --><?pi <record>no</record>?>
      <other><![CDATA[<record>no</record>]]></other><record>yes</record></feedback>`
    expect(names(xml)).toEqual(['extension', 'other', 'record'])
  })

  test('with their whole text, but without comments, instructions and what nobody wants', () => {
    expect(scan(odd).pieces).toEqual([
      { name: 'f:report_metadata', text: '<f:report_metadata><a>1</a></f:report_metadata>', damage: 'none' },
      { name: 'unwanted', text: '', damage: 'none' },
      { name: 'record', text: '<record a="1 > 0"><row><![CDATA[</record>]]></row></record>', damage: 'none' },
      { name: 'record', text: '<record/>', damage: 'none' },
    ])
  })

  test('wherever the text is cut', () => {
    const whole = scan(odd)
    for (let at = 0; at <= odd.length; at++) expect(scan([odd.slice(0, at), odd.slice(at)])).toEqual(whole)
    expect(scan([...odd])).toEqual(whole)
  })

  test('and the namespace of the root', () => {
    expect(scan(odd).root).toEqual({ prefix: 'f', namespace: 'urn:x' })
    expect(scan('<feedback xmlns="urn:y"></feedback>').root).toEqual({ prefix: '', namespace: 'urn:y' })
    expect(scan('<feedback xmlns:y="urn:y"/>').root).toEqual({ prefix: '', namespace: null })
  })
})

describe('repairs', () => {
  test('a "<" that is no tag', () => {
    const [piece] = scan('<feedback><a>x < y <bar@example.com></a></feedback>').pieces
    expect(piece).toEqual({ name: 'a', text: '<a>x &lt; y &lt;bar@example.com></a>', damage: 'repaired' })
  })

  test('a misspelt end tag', () => {
    const [piece] = scan('<feedback><record><ids>1</id><b>2</b></record></feedback>').pieces
    expect(piece).toEqual({ name: 'record', text: '<record><ids>1</ids><b>2</b></record>', damage: 'repaired' })
  })

  test('one record with open elements without harm to the next', () => {
    const { pieces } = scan('<feedback><record><row><count>1</row></record><record>2</record></feedback>')
    expect(pieces.map((it) => [it.text, it.damage])).toEqual([
      ['<record><row><count>1</count></row></record>', 'broken'],
      ['<record>2</record>', 'none'],
    ])
  })

  test('what stands around the document', () => {
    expect(scan('-----\n<feedback></feedback>').oddities).toEqual(['text_before_document'])
    expect(scan('<feedback></feedback>\n<p>Scanned</p> & <').oddities).toEqual(['data_after_document'])
    expect(scan('<xs:schema xmlns:xs="x"><feedback><a/></feedback>').oddities).toEqual(['unclosed_schema'])
    expect(scan('\n <feedback></feedback> \n<!-- end -->').oddities).toEqual([])
  })
})

describe('refuses', () => {
  test('a document that ends anywhere before its end', () => {
    const xml = '<?xml version="1.0"?><feedback><record><row><![CDATA[x]]></row></record><!-- c --></feedback>'
    fc.assert(
      fc.property(fc.integer({ min: 31, max: xml.length - 1 }), (length) => {
        expect(refused(xml.slice(0, length)).code).toBe('truncated')
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  test.each([
    ['<!DOCTYPE feedback><feedback/>', 'doctype'],
    ['<feedback><!ENTITY x "y"></feedback>', 'doctype'],
    ['<feedback><![IGNORE[x]]></feedback>', 'doctype'],
    ['<reports><feedback/></reports>', 'wrong_root'],
    ['<html><body/></html>', 'not_a_report'],
    ['<feedback/><feedback/>', 'several_documents'],
    ['<feedback></b></feedback>', 'not_well_formed'],
    ['<feedback><a></feedback>', 'not_well_formed'],
    ['<feedback>< </feedback>', 'not_well_formed'],
    ['<feedback a="1" a="2"/>', 'not_well_formed'],
    ['only text', 'not_xml'],
    ['', 'not_xml'],
    ['<xs:schema>', 'wrong_root'],
  ])('%s', (xml, code) => {
    expect(refused(xml).code).toBe(code)
  })

  test.each([
    ['xmlDepth', 20, `<feedback>${'<a>'.repeat(100_000)}`],
    ['xmlAttributes', 32, `<feedback ${Array.from({ length: 33 }, (_, index) => `a${index}="1"`).join(' ')}/>`],
    ['xmlTagChars', 16_384, `<feedback a="${'x'.repeat(20_000)}`],
    ['xmlTextChars', 65_536, `<feedback><a>${'x'.repeat(70_000)}</a></feedback>`],
    ['xmlTextChars', 65_536, `<feedback><a><![CDATA[${'x'.repeat(70_000)}]]></a></feedback>`],
    ['xmlTextChars', 65_536, `<feedback><a><![CDATA[${'x'.repeat(70_000)}`],
  ])('more than the limit %s allows', (name, value, xml) => {
    expect(refused(xml)).toMatchObject({ code: 'limit', limit: { name, value } })
  })
})

test('drops a piece that is too long and goes on with the next', () => {
  const { pieces } = scan(`<feedback><a>${'<b>x</b>'.repeat(100)}</a><c>1</c></feedback>`, { xmlPieceChars: 200 })
  expect(pieces).toEqual([
    { name: 'a', text: '', damage: 'too_long' },
    { name: 'c', text: '<c>1</c>', damage: 'none' },
  ])
})

test('passes over comments of any length without keeping them', () => {
  const chunks = ['<feedback><a>1<!--', ...Array.from({ length: 200 }, () => '-'.repeat(10_000)), '--><b/></a></feedback>']
  expect(scan(chunks).pieces).toEqual([{ name: 'a', text: '<a>1<b/></a>', damage: 'none' }])
})
