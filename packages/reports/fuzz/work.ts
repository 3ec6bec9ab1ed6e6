/** What the thread that changes and reads inputs shares with the one that watches it. */
export interface Work {
  seed: string
  /** Numbers of the inputs: `first`, `first + step`, … below `end`. */
  first: number
  step: number
  end: number
  /** Int32: the number of the input that is being read, and how many were read. */
  progress: SharedArrayBuffer
}

export const CURRENT = 0
export const DONE = 1

/** Sent once, when all inputs were read, or when one broke a promise. */
export type Message =
  | { type: 'failed'; number: number; error: string }
  | { type: 'done'; outcomes: Record<string, number>; slowest: Slowest }

export interface Slowest {
  number: number
  milliseconds: number
}
