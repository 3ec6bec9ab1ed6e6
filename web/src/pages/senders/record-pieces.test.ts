import { expect, it } from 'vitest'
import { recordPieces } from './record-pieces.ts'

it('marks the parts of a record that the service makes', () => {
  expect(recordPieces('s1.u{account}.example.net')).toEqual([
    { text: 's1.u', isHole: false },
    { text: '{account}', isHole: true },
    { text: '.example.net', isHole: false },
  ])
  expect(recordPieces('v=spf1 -all')).toEqual([{ text: 'v=spf1 -all', isHole: false }])
})

it('shows what could deceive the eye by its number', () => {
  expect(recordPieces('a\u202e{b}').map(({ text }) => text)).toEqual(['a‹U+202E›', '{b}'])
})
