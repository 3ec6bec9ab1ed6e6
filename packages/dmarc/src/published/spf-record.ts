/** A mechanism of an SPF record, such as `-all` or `include:_spf.example.net` (RFC 7208 4.6). */
export interface SpfMechanism {
  qualifier: '+' | '-' | '~' | '?'
  name: 'all' | 'include' | 'a' | 'mx' | 'ptr' | 'ip4' | 'ip6' | 'exists'
  /** What stands behind the colon, or the `/24` of `a/24`; empty: nothing. */
  value: string
}

export interface SpfRecord {
  mechanisms: SpfMechanism[]
  /** Name whose record counts when no mechanism matches. */
  redirect: string | null
  /** Terms that no evaluator knows: each makes the whole record a permanent error. */
  faulty: string[]
}

/** Terms of a record that are read; ten look-ups are allowed, and one record of 4 kB holds a few hundred addresses. */
const mostTerms = 500
const shownLength = 100

/** Null for a TXT record that is no SPF record. */
export function parseSpfRecord(text: string): SpfRecord | null {
  if (!/^v=spf1( |$)/i.test(text)) return null
  const record: SpfRecord = { mechanisms: [], redirect: null, faulty: [] }
  for (const term of text.slice(6).split(/ +/).filter(Boolean).slice(0, mostTerms)) {
    const [, modifier, given = ''] = /^([a-z][a-z0-9_.-]*)=(.*)$/i.exec(term) ?? []
    if (modifier !== undefined) {
      if (modifier.toLowerCase() === 'redirect' && record.redirect === null && given !== '') record.redirect = given
      continue
    }
    const mechanism = readMechanism(term)
    if (mechanism) record.mechanisms.push(mechanism)
    else record.faulty.push(term.slice(0, shownLength))
  }
  return record
}

const needsValue: ReadonlySet<string> = new Set(['include', 'ip4', 'ip6', 'exists'])

function readMechanism(term: string): SpfMechanism | null {
  const [, sign = '', name = '', value = ''] = /^([+~?-]?)(all|include|a|mx|ptr|ip4|ip6|exists)((?:[:/].*)?)$/i.exec(term) ?? []
  const known = name.toLowerCase() as SpfMechanism['name']
  const meant = value.startsWith(':') ? value.slice(1) : value
  if (name === '' || (known === 'all' && value !== '') || (needsValue.has(known) && meant === '')) return null
  return { qualifier: (sign || '+') as SpfMechanism['qualifier'], name: known, value: meant }
}

/** Whether a mechanism costs one of the ten look-ups (RFC 7208 4.6.4); so does `redirect`. */
export function costsLookUp({ name }: SpfMechanism): boolean {
  return name === 'include' || name === 'a' || name === 'mx' || name === 'ptr' || name === 'exists'
}
