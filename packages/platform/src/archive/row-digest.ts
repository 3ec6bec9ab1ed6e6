const newline = 0x0a

/**
 * Counts and sums up the rows of a COPY in text format, which come in pieces cut anywhere. The sum is the same in whatever order the rows
 * come, as no order is promised when they are read back. It finds what was lost, changed or repeated; it is no proof against forgery.
 */
export class RowDigest {
  rows = 0
  #first = 0
  #second = 0
  #firstSum = 0
  #secondSum = 0

  add(piece: Uint8Array): void {
    // Two sums of 32 bits (FNV-1a, and another prime), as JavaScript counts fast in those only.
    let first = this.#first
    let second = this.#second
    for (let i = 0; i < piece.length; i++) {
      const byte = piece[i] as number
      first = Math.imul(first ^ byte, 0x01000193)
      second = Math.imul(second + byte, 0x9e3779b1) ^ (second >>> 15)
      if (byte !== newline) continue
      this.rows++
      this.#firstSum = (this.#firstSum + mix(first)) >>> 0
      this.#secondSum = (this.#secondSum + mix(second)) >>> 0
      first = 0
      second = 0
    }
    this.#first = first
    this.#second = second
  }

  /** 16 hexadecimal digits. */
  value(): string {
    return [this.#firstSum, this.#secondSum].map((sum) => sum.toString(16).padStart(8, '0')).join('')
  }
}

/** Spreads a difference over all bits, so that those of two rows do not cancel each other out in the sum. */
function mix(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  const whole = Math.imul(half ^ (half >>> 13), 0xc2b2ae35)
  return whole ^ (whole >>> 16)
}
