import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ReportedDay, taskOf } from './task.ts'

/** One line a day: `day reporter pass/fail reporter pass/fail`. */
function history(text: string): ReportedDay[] {
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [day = '', ...words] = line.trim().split(/\s+/)
      return words.flatMap((word, index) => {
        if (index % 2 === 0) return []
        const [pass = 0, fail = 0] = word.split('/').map(Number)
        return [{ day: `2026-03-${day}`, reporter: words[index - 1] ?? '', pass, fail }]
      })
    })
}

describe('taskOf', () => {
  it('knows no task where nothing ever failed', () => {
    expect(taskOf([])).toBeNull()
    expect(taskOf(history('01 google 100/0 yahoo 20/1'))).toBeNull()
  })

  it('opens on the first bad day', () => {
    const days = history(`
      01 google 100/0
      02 google 100/10
      03 google 0/90`)
    expect(taskOf(days)).toEqual({ state: 'open', since: '2026-03-02' })
  })

  it('stays open while one of several reporters sees passes', () => {
    const days = history(`
      01 google 0/100 yahoo 0/20
      02 google 100/0
      03 google 100/0`)
    expect(taskOf(days)).toEqual({ state: 'open', since: '2026-03-01' })
  })

  it('closes on the day on which a second reporter sees aligned passes', () => {
    const days = history(`
      01 google 0/100 yahoo 0/20
      02 google 100/0
      03 yahoo 20/0
      04 google 100/2`)
    expect(taskOf(days)).toEqual({ state: 'closed', since: '2026-03-03' })
  })

  it('closes by the only reporter that there is', () => {
    expect(taskOf(history('01 google 0/100\n02 google 100/0'))).toEqual({ state: 'closed', since: '2026-03-02' })
  })

  it('does not close while the mail fails partly', () => {
    const days = history(`
      01 google 60/40 yahoo 60/40
      02 google 88/12 yahoo 100/0`)
    expect(taskOf(days)).toEqual({ state: 'open', since: '2026-03-01' })
  })

  it('starts to count reporters anew after a bad day in between', () => {
    const days = history(`
      01 google 0/100 yahoo 0/20
      02 google 100/0
      03 google 0/100
      04 yahoo 20/0`)
    expect(taskOf(days)).toEqual({ state: 'open', since: '2026-03-01' })
  })

  it('opens again when the passes stop, on the day on which they did', () => {
    const days = history(`
      01 google 0/100 yahoo 0/20
      02 google 100/0 yahoo 20/0
      05 google 0/4
      06 google 0/3`)
    expect(taskOf(days)).toEqual({ state: 'open', since: '2026-03-05' })
    const twice = history('01 google 0/9 yahoo 0/9\n02 google 9/0 yahoo 9/0\n03 google 0/1 yahoo 0/1')
    expect(taskOf(twice)).toEqual({ state: 'open', since: '2026-03-03' })
  })

  it('is not opened again by a few forwarded messages, nor by silence', () => {
    const closed = `
      01 google 0/100 yahoo 0/20
      02 google 100/0 yahoo 20/0`
    expect(taskOf(history(`${closed}\n03 google 0/2\n04 google 100/0\n09 google 0/3`))).toEqual({ state: 'closed', since: '2026-03-02' })
    expect(taskOf(history(`${closed}\n20 google 0/0`))).toEqual({ state: 'closed', since: '2026-03-02' })
  })

  it('closes once more after it was opened again', () => {
    const days = history(`
      01 google 0/100 yahoo 0/20
      02 google 100/0 yahoo 20/0
      05 google 0/100 yahoo 0/20
      07 google 100/0
      08 yahoo 20/0`)
    expect(taskOf(days)).toEqual({ state: 'closed', since: '2026-03-08' })
  })

  it('gives the same for the same reports in any order, and however they are cut', () => {
    const day = fc.record({
      day: fc.integer({ min: 1, max: 9 }).map((it) => `2026-03-0${it}`),
      reporter: fc.constantFrom('a', 'b', 'c'),
      pass: fc.integer({ min: 0, max: 20 }),
      fail: fc.integer({ min: 0, max: 20 }),
    })
    fc.assert(
      fc.property(
        fc.array(day, { maxLength: 30 }).chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(taskOf(shuffled)).toEqual(taskOf(all))
          const halves = all.flatMap((it) => [
            { ...it, fail: 0 },
            { ...it, pass: 0 },
          ])
          expect(taskOf(halves)).toEqual(taskOf(all))
        },
      ),
      { numRuns: 300 },
    )
  })
})
