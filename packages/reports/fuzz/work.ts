import type { Seed } from '../testing/mutations.ts'

/** What the thread that changes and reads inputs shares with the one that watches it. */
export interface Work {
  seed: string
  seeds: [Seed, ...Seed[]]
  /** Numbers of the inputs: `first`, `first + step`, … below `end`. */
  first: number
  step: number
  end: number
  /** Int32: the number of the input that is being read, how many were read, and whether the thread has begun. */
  progress: SharedArrayBuffer
}

export const CURRENT = 0
export const DONE = 1
export const BEGUN = 2

/** Sent once, when all inputs were read, or when one broke a promise. */
export type Message =
  | { type: 'failed'; number: number; error: string }
  | { type: 'done'; outcomes: Record<string, number>; slowest: Slowest }

export interface Slowest {
  number: number
  milliseconds: number
}
