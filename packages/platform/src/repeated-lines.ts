import { findCause } from './outage.ts'

/** A line about the same trouble is written once in this time, and then says how often it was kept back. */
const quietMs = 60_000
const mostKnown = 1000

/**
 * What becomes of the fields of a warning that tells of an error: one with an understood cause has its sentence in place of the stack trace,
 * and is null while the same was told a moment ago. Servers that are away are asked many times a second. `source` tells lines of the same text
 * apart, as those of two mailboxes.
 */
export function createRepeatFilter(
  now: () => number = () => performance.now(),
): (fields: object, text: string, source: string) => object | null {
  const told = new Map<string, { at: number; kept: number }>()
  return (fields, text, source) => {
    const { err, ...rest } = fields as { err?: unknown }
    const cause = findCause(err)
    if (!cause) return fields
    const key = `${text} ${cause.kind} ${source}`
    const last = told.get(key)
    if (last && now() - last.at < quietMs) {
      last.kept++
      return null
    }
    if (told.size >= mostKnown) told.clear()
    told.set(key, { at: now(), kept: 0 })
    return { ...rest, reason: cause.reason, ...(last && last.kept > 0 ? { repeated: last.kept } : {}) }
  }
}
