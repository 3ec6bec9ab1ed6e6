import type { AggregateRecord } from '@ruadar/reports'

/**
 * Rows of a report as the insides of PostgreSQL array literals (`1,2,NULL`), one text for each column. Reader threads make them, so
 * that the thread that stores has only to join them. Texts that repeat come once, with their place for each row.
 */
export interface RecordColumns {
  rows: number
  sourceIps: string
  messages: string
  dispositions: string
  dkims: string
  spfs: string
  recomputedDkims: string
  recomputedSpfs: string
  envelopeTos: string
  /** JSON of the reported overrides, NULL where there are none. */
  overrides: string
  /** Author Domains, '' for none, and which one each row has. */
  authors: string[]
  authorOf: number[]
  /** Canonical JSON of authentication result sets, and which one each row has. */
  authSets: string[]
  authSetOf: number[]
  /** Messages whose reported DKIM, SPF result is aligned. */
  dkimAligned: number
  spfAligned: number
}

export function toColumns(records: readonly AggregateRecord[]): RecordColumns {
  const authors = new Places()
  const authSets = new Places()
  const authorOf: number[] = []
  const authSetOf: number[] = []
  let dkimAligned = 0
  let spfAligned = 0
  for (const { headerFrom, envelopeFrom, auth, count, dkim, spf } of records) {
    authorOf.push(authors.of(headerFrom ?? ''))
    authSetOf.push(authSets.of(JSON.stringify({ envelopeFrom, dkim: auth.dkim, spf: auth.spf })))
    if (dkim === 'pass') dkimAligned += count
    if (spf === 'pass') spfAligned += count
  }
  const column = (pick: (record: AggregateRecord) => string | number) => records.map(pick).join(',')
  return {
    rows: records.length,
    sourceIps: column((record) => element(record.sourceIp)),
    messages: column((record) => record.count),
    dispositions: column((record) => record.disposition),
    dkims: column((record) => record.dkim),
    spfs: column((record) => record.spf),
    recomputedDkims: column((record) => record.recomputed.dkim),
    recomputedSpfs: column((record) => record.recomputed.spf),
    envelopeTos: column((record) => element(record.envelopeTo)),
    overrides: column((record) => element(record.reasons.length > 0 ? JSON.stringify(record.reasons) : null)),
    authors: authors.values,
    authorOf,
    authSets: authSets.values,
    authSetOf,
    dkimAligned,
    spfAligned,
  }
}

/** Distinct texts in the order of their first appearance. */
class Places {
  readonly values: string[] = []
  readonly #known = new Map<string, number>()

  of(value: string): number {
    let place = this.#known.get(value)
    if (place === undefined) {
      place = this.values.push(value) - 1
      this.#known.set(value, place)
    }
    return place
  }
}

/** One element of an array literal (PostgreSQL manual, "Array Input and Output Syntax"). */
function element(text: string | null): string {
  return text === null ? 'NULL' : `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}
