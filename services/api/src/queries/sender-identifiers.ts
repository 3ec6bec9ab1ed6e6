import type { SenderDetail } from '@ruadar/contract'
import { organizationalDomain } from '@ruadar/dmarc'
import { type Db, sql } from '@ruadar/platform'
import { factsWhere, type Question } from './filter.ts'

const mostShown = 50
/** Combinations of identifiers that are added up, the largest: forged mail can have any number. */
const mostLooked = 2000

interface Row {
  headerFrom: string
  domain: string
  selector: string | null
  result: string
  messages: number
}

/** DKIM domains and selectors of the question's mail, and what became of them. */
export async function listSigners(db: Db, question: Question): Promise<SenderDetail['signers']> {
  const rows = await askIdentifiers(db, question, 'dkim')
  return gather(rows, ({ domain, selector }) => ({ domain, selector })).slice(0, mostShown)
}

/** Domains that SPF was checked for, and how that went. */
export async function listBounceDomains(db: Db, question: Question): Promise<SenderDetail['bounceDomains']> {
  const rows = await askIdentifiers(db, question, 'spf')
  return gather(rows, ({ domain }) => ({ domain })).slice(0, mostShown)
}

async function askIdentifiers(db: Db, question: Question, mechanism: 'dkim' | 'spf'): Promise<Row[]> {
  const { rows } = await sql<Row>`
    with
      sets as (
        select f.auth_set_id, f.author_domain_id, sum(f.messages) as messages from daily_sources f where ${factsWhere(question)}
        group by 1, 2 order by 3 desc limit ${mostLooked}
      )
    select a.name as "headerFrom", coalesce(nullif(it->>'domain', ''), s.envelope_from, '') as domain, it->>'selector' as selector,
      it->>'result' as result, sum(sets.messages)::bigint as messages
    from sets
      join author_domains a on a.id = sets.author_domain_id
      join auth_sets s on s.id = sets.auth_set_id
      cross join lateral jsonb_array_elements(${sql.ref(`s.${mechanism}`)}) as it
    group by 1, 2, 3, 4`.execute(db)
  return rows.filter(({ domain }) => domain !== '')
}

/** Sums by name. `aligned`: passed for a domain of the Author Domain's organisation, relaxed. */
function gather<Name extends object>(
  rows: readonly Row[],
  nameOf: (row: Row) => Name,
): (Name & { pass: number; fail: number; aligned: number })[] {
  const found = new Map<string, Name & { pass: number; fail: number; aligned: number }>()
  for (const row of rows) {
    const name = nameOf(row)
    const key = JSON.stringify(name)
    const sum = found.get(key) ?? { ...name, pass: 0, fail: 0, aligned: 0 }
    found.set(key, sum)
    if (row.result === 'pass') sum.pass += row.messages
    else sum.fail += row.messages
    const organisation = organizationalDomain(row.domain) ?? row.domain
    if (row.result === 'pass' && organisation === (organizationalDomain(row.headerFrom) ?? row.headerFrom)) sum.aligned += row.messages
  }
  return [...found.values()].sort((a, b) => b.pass + b.fail - (a.pass + a.fail))
}
