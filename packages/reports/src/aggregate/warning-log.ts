import type { Limits } from '../limits.ts'
import type { Warning } from '../report.ts'
import { cutText } from './values.ts'

const VALUE_CHARS = 100

/** Gathers the deviations of one report, bounded in number and length. */
export class WarningLog {
  readonly #limits: Limits
  readonly #warnings: Warning[] = []
  #dropped = 0
  #place = ''
  #record = -1

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** Sets what all following paths begin with. Paths are put together only when there is something to warn of. */
  within(place: string): void {
    this.#place = place
    this.#record = -1
  }

  /** The same for the record of this number, counted from 0. */
  withinRecord(index: number): void {
    this.#record = index
  }

  add(code: string, path: string, value: string | null = null): void {
    if (this.#warnings.length >= this.#limits.warnings) this.#dropped++
    else
      this.#warnings.push({
        code,
        path: [this.#record < 0 ? this.#place : `record[${this.#record}]`, path].filter((it) => it !== '').join('/'),
        value: value === null ? null : presentable(value),
      })
  }

  /** All warnings; where some did not fit, a last one `more_warnings` says how many. */
  list(): Warning[] {
    return this.#dropped === 0 ? this.#warnings : [...this.#warnings, { code: 'more_warnings', path: '', value: String(this.#dropped) }]
  }
}

/** Control characters have no place in a log, and a database refuses NUL even in a warning. */
function presentable(value: string): string {
  return cutText(value, VALUE_CHARS).replaceAll(/\p{Cc}+/gu, ' ')
}
