import { expect, test } from 'vitest'
import { mayTake, mustGive } from './spread.ts'

/** Lets processes look in turn, each as `mayTake` and `mustGive` say, until nothing changes. */
function settle(held: number[], mailboxes: number): number[] {
  const shares = (at: number) => ({
    own: held[at] ?? 0,
    others: held.filter((_, index) => index !== at),
    isFirst: held.indexOf(held[at] ?? 0) === at,
  })
  let free = mailboxes - held.reduce((sum, own) => sum + own, 0)
  for (let looks = 0; looks < 1000; looks++) {
    const at = looks % held.length
    if (mustGive(shares(at), mailboxes)) {
      held[at] = (held[at] ?? 0) - 1
      free++
    }
    while (free > 0 && mayTake(shares(at), mailboxes)) {
      held[at] = (held[at] ?? 0) + 1
      free--
    }
  }
  expect(free).toBe(0)
  return held
}

test('takes every mailbox when it is alone', () => {
  expect(settle([0], 5)).toEqual([5])
})

test('gives a process that comes later its share, and leaves no mailbox without one', () => {
  expect(settle([4, 0, 0], 4).toSorted((a, b) => a - b)).toEqual([1, 1, 2])
  expect(settle([4, 0, 0, 0], 4)).toEqual([1, 1, 1, 1])
  expect(settle([5, 5, 0], 10).toSorted((a, b) => a - b)).toEqual([3, 3, 4])
  expect(settle([2, 2, 0], 4).toSorted((a, b) => a - b)).toEqual([1, 1, 2])
})

test('moves nothing when shares differ by one at most', () => {
  expect(settle([2, 1], 3)).toEqual([2, 1])
  expect(settle([1, 0, 0], 1)).toEqual([1, 0, 0])
})

test('takes up what a dead process held', () => {
  expect(settle([1, 1], 4)).toEqual([2, 2])
})
