import { describe, expect, it } from 'vitest'
import { commandOf, type Pressed } from './inbox-keys.ts'

const press = (key: string, more: Partial<Pressed> = {}) =>
  commandOf({ key, code: '', shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more })

describe('keys of the inbox', () => {
  it('decide by number and by letter', () => {
    expect(['1', '2', '3', '4'].map((key) => press(key))).toEqual(['o', 'a', 'f', 'n'].map((key) => press(key)))
    expect(press('4')).toEqual({ do: 'decide', state: 'rejected' })
  })

  it('move with J and K as with the arrows, and extend with Shift', () => {
    expect(press('j')).toEqual(press('ArrowDown'))
    expect(press('k')).toEqual(press('ArrowUp'))
    expect(press('ArrowDown', { shiftKey: true })).toEqual({ do: 'move', by: 1, extend: true })
    expect(press('J', { shiftKey: true })).toEqual({ do: 'move', by: 1, extend: true })
    expect(press('End', { shiftKey: true })).toEqual({ do: 'end', of: 'last', extend: true })
  })

  it('are found by their place where the layout has other letters', () => {
    expect(press('о', { code: 'KeyJ' })).toEqual({ do: 'move', by: 1, extend: false })
    expect(press('г', { code: 'KeyU' })).toEqual({ do: 'undo' })
    expect(press('ф', { code: 'KeyA', ctrlKey: true })).toEqual({ do: 'all' })
  })

  it('leave what belongs to the browser alone', () => {
    expect(press('1', { ctrlKey: true })).toBeNull()
    expect(press('f', { metaKey: true })).toBeNull()
    expect(press('ArrowDown', { altKey: true })).toBeNull()
    expect(press('Tab')).toBeNull()
    expect(press('constructor')).toBeNull()
  })
})
