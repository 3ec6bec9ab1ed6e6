import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultLimits, type Limits } from '../limits.ts'
import { type Nodes, parseElement } from './element.ts'
import { Shapes } from './shape.ts'

const shapesFor = (limits: Partial<Limits> = {}) => new Shapes({ ...defaultLimits, ...limits })
const learn = (shapes: Shapes, text: string) => shapes.learn({ name: 'record', text, damage: 'none' })
const copy = (nodes: Nodes | undefined) => JSON.parse(JSON.stringify(nodes ?? null)) as unknown

test('a record that fits a known shape has the children that a parse gives', () => {
  const text = fc.constantFrom('', ' ', 'a', ' a b ', '\n', '7', 'x>y', '"q"', '&amp;', '&', '__proto__', '\u{1f600}', '\ue0000\ue001')
  const child = fc.tuple(
    fc.constantFrom('row', 'b', 'x:c', 'constructor'),
    fc.constantFrom('', ' a="1"', ' a="x>y"'),
    text,
    text,
    fc.boolean(),
  )
  const record = fc.array(child, { maxLength: 4 }).map((children) => {
    const inside = children.map(([name, attributes, before, within, closed]) =>
      closed ? `<${name}${attributes}/>` : `${before}<${name}${attributes}>${within}</${name}>`,
    )
    return `<record>${inside.join('')}</record>`
  })
  let fitted = 0
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 30 }), (records) => {
      const shapes = shapesFor()
      for (const written of records) {
        const found = shapes.fit(`..${written}<record>`, 2)
        if (found === null) learn(shapes, written)
        else {
          fitted++
          expect(found.end).toBe(2 + written.length)
          expect(copy(found.shape.fill())).toEqual(copy(parseElement(written)))
        }
      }
    }),
    { numRuns: 200, seed: 1 },
  )
  expect(fitted).toBeGreaterThan(300)
})

test('a text with a reference, no text at all and a record that goes on in the next chunk fit no shape', () => {
  const shapes = shapesFor()
  learn(shapes, '<record><a>1</a></record>')
  expect(shapes.fit('<record><a>2</a></record>', 0)?.end).toBe(25)
  for (const other of [
    '<record><a>&lt;</a></record>',
    '<record><a> </a></record>',
    '<record><a>2</a></rec',
    '<record><a>2<b/></a></record>',
  ]) {
    expect(shapes.fit(other, 0)).toBeNull()
  }
})

test('limits on texts and records hold for known shapes too', () => {
  const long = `<record><a>${'x'.repeat(50)}</a></record>`
  const shapes = shapesFor({ xmlTextChars: 49 })
  learn(shapes, '<record><a>1</a></record>')
  expect(shapes.fit(long, 0)).toBeNull()
  const small = shapesFor({ xmlPieceChars: 60 })
  learn(small, '<record><a>1</a></record>')
  expect(small.fit(long, 0)).toBeNull()
  expect(shapesFor().fit(long, 0)?.end).toBe(long.length)
})

test('what was learnt under other limits of nesting is not used', () => {
  learn(shapesFor({ xmlDepth: 9 }), '<record><deep>1</deep></record>')
  expect(shapesFor({ xmlDepth: 8 }).fit('<record><deep>1</deep></record>', 0)).toBeNull()
})

test('a report whose records are all of other shapes is given up', () => {
  const shapes = shapesFor()
  for (let index = 0; index < 600; index++) {
    const written = `<record><a${index}>1</a${index}></record>`
    if (shapes.fit(written, 0) === null) learn(shapes, written)
  }
  expect(shapes.isHopeless).toBe(true)
})
