/** A source of numbers that is the same for the same seed (mulberry32), so that samples and failing tests can be made again. */
export class SeededRandom {
  #state: number

  /** Any number of words and numbers; the same ones give the same sequence. */
  constructor(...seed: readonly (string | number)[]) {
    let state = 0x9e3779b9
    for (const char of seed.join('\n')) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193) ^ (state >>> 15)
    this.#state = state >>> 0
  }

  /** At least 0, below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number of `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[Math.floor(this.next() * list.length)] ?? list[0]
  }
}
