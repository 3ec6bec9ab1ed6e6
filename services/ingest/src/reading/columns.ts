import type { AggregateRecord } from '@ruadar/reports'

/**
 * Rows of a report as the insides of PostgreSQL array literals (`1,2,3`), one text for each column. Reader threads make them, so
 * that the thread that stores has only to join them. What repeats comes once, with its place for each row.
 */
export interface RecordColumns {
  rows: number
  messages: string
  /** Numbers of `verdictNumber`. */
  verdicts: string
  /** Author Domains, '' for none. */
  authors: string[]
  /** Canonical JSON of authentication result sets. */
  authSets: string[]
  /** Ways in which mail came: source ('' where the reporter left it empty), and which Author Domain and set they have. */
  waySources: string[]
  wayAuthors: number[]
  wayAuthSets: number[]
  /** Which way each row has. */
  wayOf: number[]
  /** JSON of envelope recipient and overrides, '' for a row that has neither; and which one each row has. */
  notes: string[]
  noteOf: number[]
  /** Messages whose reported DKIM, SPF result is aligned. */
  dkimAligned: number
  spfAligned: number
}

export function toColumns(records: readonly AggregateRecord[]): RecordColumns {
  const authors = new Places()
  const authSets = new Places()
  const notes = new Places()
  const ways = new Map<string, number>()
  const [waySources, wayAuthors, wayAuthSets, wayOf, noteOf]: [string[], number[], number[], number[], number[]] = [[], [], [], [], []]
  let dkimAligned = 0
  let spfAligned = 0
  for (const { sourceIp, headerFrom, envelopeFrom, envelopeTo, reasons, auth, count, dkim, spf } of records) {
    const author = authors.of(headerFrom ?? '')
    const authSet = authSets.of(JSON.stringify({ envelopeFrom, dkim: auth.dkim, spf: auth.spf }))
    const key = `${author} ${authSet} ${sourceIp ?? ''}`
    let way = ways.get(key)
    if (way === undefined) {
      way = waySources.push(sourceIp ?? '') - 1
      wayAuthors.push(author)
      wayAuthSets.push(authSet)
      ways.set(key, way)
    }
    wayOf.push(way)
    noteOf.push(notes.of(envelopeTo === null && reasons.length === 0 ? '' : JSON.stringify({ envelopeTo, overrides: reasons })))
    if (dkim === 'pass') dkimAligned += count
    if (spf === 'pass') spfAligned += count
  }
  return {
    rows: records.length,
    messages: records.map(({ count }) => count).join(','),
    verdicts: records.map(verdictNumber).join(','),
    authors: authors.values,
    authSets: authSets.values,
    waySources,
    wayAuthors,
    wayAuthSets,
    wayOf,
    notes: notes.values,
    noteOf,
    dkimAligned,
    spfAligned,
  }
}

const dispositions: readonly AggregateRecord['disposition'][] = ['none', 'quarantine', 'reject', 'pass', 'unknown']
const verdicts: readonly AggregateRecord['dkim'][] = ['pass', 'fail', 'unknown']

/** The id in the table `verdicts` of what a record says of disposition and alignment (migration 0008). */
export function verdictNumber({ disposition, dkim, spf, recomputed }: AggregateRecord): number {
  return [dkim, spf, recomputed.dkim, recomputed.spf].reduce(
    (number, verdict) => number * verdicts.length + verdicts.indexOf(verdict),
    dispositions.indexOf(disposition),
  )
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
