import { describe, expect, it } from 'vitest'
import { neighbourOf, rangeBetween, successorOf } from './inbox-order.ts'

const ids = [10, 20, 30, 40, 50]

describe('the row that takes the focus when others leave', () => {
  it('is the next that stays', () => {
    expect(successorOf(ids, new Set([20]))).toBe(30)
    expect(successorOf(ids, new Set([10, 30]))).toBe(40)
  })

  it('is the last before them when they were at the end', () => {
    expect(successorOf(ids, new Set([40, 50]))).toBe(30)
    expect(successorOf(ids, new Set([20, 50]))).toBe(40)
  })

  it('is none when all leave', () => {
    expect(successorOf(ids, new Set(ids))).toBeNull()
    expect(successorOf([], new Set())).toBeNull()
  })
})

describe('moving', () => {
  it('stays within the list', () => {
    expect(neighbourOf(ids, 50, 1)).toBe(50)
    expect(neighbourOf(ids, 10, -1)).toBe(10)
    expect(neighbourOf(ids, 20, 1)).toBe(30)
  })

  it('begins at the first row', () => {
    expect(neighbourOf(ids, null, 1)).toBe(10)
    expect(neighbourOf(ids, 99, -1)).toBe(10)
    expect(neighbourOf([], null, 1)).toBeNull()
  })

  it('chooses the same rows in either direction', () => {
    expect(rangeBetween(ids, 20, 40)).toEqual([20, 30, 40])
    expect(rangeBetween(ids, 40, 20)).toEqual([20, 30, 40])
    expect(rangeBetween(ids, 99, 20)).toEqual([20])
  })
})
