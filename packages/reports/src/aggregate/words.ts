import type { Disposition, DkimResult, Policy, SpfResult, Verdict } from './types.ts'

/** The enumerations of all dialects together with the words that reporters use instead; what stands in no table is `unknown`. */
const words = <T extends string>(list: readonly T[], aliases: Readonly<Record<string, T>> = {}): ReadonlyMap<string, T> =>
  new Map<string, T>([...list.map((it) => [it, it] as const), ...Object.entries(aliases)])

export const policies = words<Policy>(['none', 'quarantine', 'reject', 'unknown'])
/** `pass` came with RFC 9990 but is older in the wild (row 35); rspamd 1.8 wrote `softfail` for none (row 36). */
export const dispositions = words<Disposition>(['none', 'quarantine', 'reject', 'pass', 'unknown'], { softfail: 'none' })
export const verdicts = words<Verdict>(['pass', 'fail', 'unknown'])
export const dkimResults = words<DkimResult>(['none', 'pass', 'fail', 'policy', 'neutral', 'temperror', 'permerror', 'unknown'])
/** The schema of RFC 7489 itself says that `unknown` and `error` are used for the two errors; `hardfail` is older (row 38). */
export const spfResults = words<SpfResult>(['none', 'neutral', 'pass', 'fail', 'softfail', 'policy', 'temperror', 'permerror'], {
  hardfail: 'fail',
  unknown: 'temperror',
  error: 'permerror',
})
export const alignmentModes = words<'r' | 's'>(['r', 's'], { relaxed: 'r', strict: 's' })
export const testingFlags = words<'y' | 'n'>(['y', 'n'])
export const discoveryMethods = words<'psl' | 'treewalk'>(['psl', 'treewalk'])
