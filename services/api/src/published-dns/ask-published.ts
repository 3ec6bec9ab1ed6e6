import type { PublishedDns } from '@ruadar/contract'
import { organizationalDomain, parseDkimKey, parseDmarcRecord } from '@ruadar/dmarc'
import type { Resolver } from '@ruadar/ingest'
import { type KnownSender, recordsOf } from '@ruadar/senders'
import { walkSpf } from './spf-walk.ts'

/** What a sender was seen to use for this domain, in the order in which it matters. */
export interface SeenOfSender {
  service: KnownSender | null
  addresses: readonly string[]
  /** Keys that it signed with, as `selector` and `domain`. */
  keys: readonly { selector: string; domain: string }[]
}

const mostKeys = 10
const mostAddresses = 20
const mostHosts = 5
const mostRecords = 10

/** After so long nothing more is asked: somebody waits for the answer. What is under way ends by its own time limit. */
const patienceMs = 8_000

/** What the DNS has of a domain and of one of its senders. Asks some dozens of questions at most, and none rejects. */
export async function askPublished(plain: Resolver, domain: string, seen: SeenOfSender): Promise<Omit<PublishedDns, 'asked' | 'askedAt'>> {
  const resolver = impatient(plain, performance.now() + patienceMs)
  const [dmarc, spf, dkim, records] = await Promise.all([
    askDmarc(resolver, domain),
    walkSpf(resolver, domain, { include: seen.service?.spfInclude ?? null, addresses: seen.addresses.slice(0, mostAddresses) }),
    Promise.all(seen.keys.slice(0, mostKeys).map((key) => askKey(resolver, key))),
    askRecords(resolver, domain, seen.service),
  ])
  return { dmarc, spf, dkim, records, reportHosts: await askReportHosts(resolver, domain, dmarc) }
}

function impatient(resolver: Resolver, until: number): Resolver {
  const inTime = (question: () => ReturnType<Resolver['txt']>) =>
    performance.now() < until ? question() : Promise.resolve({ problem: 'was not asked, as the questions before took too long' })
  return {
    ptr: (name) => inTime(() => resolver.ptr(name)),
    addresses: (name, version) => inTime(() => resolver.addresses(name, version)),
    txt: (name) => inTime(() => resolver.txt(name)),
    cname: (name) => inTime(() => resolver.cname(name)),
  }
}

type Dmarc = NonNullable<PublishedDns['dmarc']>

/** The record that receivers find: the domain's own, else that of its organisation. */
async function askDmarc(resolver: Resolver, domain: string): Promise<Dmarc> {
  const names = [...new Set([domain, organizationalDomain(domain) ?? domain])].map((name) => `_dmarc.${name}`)
  for (const name of names) {
    const answer = await resolver.txt(name)
    if ('problem' in answer) return { name, records: [], problem: answer.problem }
    const records = 'found' in answer ? answer.found.filter((text) => parseDmarcRecord(text) !== null) : []
    if (records.length > 0) return { name, records, problem: null }
  }
  return { name: `_dmarc.${domain}`, records: [], problem: null }
}

/** Hosts outside of the organisation have to say that they take its reports (report-formats: external destination verification). */
async function askReportHosts(resolver: Resolver, domain: string, { name, records }: Dmarc): Promise<PublishedDns['reportHosts']> {
  const policyDomain = name.replace(/^_dmarc\./, '')
  const organization = organizationalDomain(domain)
  const hosts = (parseDmarcRecord(records[0] ?? '')?.rua ?? []).map((address) => address.slice(address.lastIndexOf('@') + 1).toLowerCase())
  const foreign = [...new Set(hosts)].filter((host) => organizationalDomain(host) !== organization).slice(0, mostHosts)
  return Promise.all(
    foreign.map(async (host) => {
      const where = `${policyDomain}._report._dmarc.${host}`
      const answer = await resolver.txt(where)
      const accepts = 'problem' in answer ? null : 'found' in answer && answer.found.some((text) => parseDmarcRecord(text) !== null)
      return { host, name: where, accepts }
    }),
  )
}

async function askKey(
  resolver: Resolver,
  { selector, domain }: { selector: string; domain: string },
): Promise<PublishedDns['dkim'][number]> {
  const name = `${selector}._domainkey.${domain}`
  const as = (state: PublishedDns['dkim'][number]['state'], keyType: string | null = null, bits: number | null = null) => ({
    name,
    state,
    keyType,
    bits,
  })
  const answer = await resolver.txt(name)
  if ('problem' in answer) return as('not_answered')
  const [text] = 'found' in answer ? answer.found : []
  if (text === undefined) return as('missing')
  const key = parseDkimKey(text)
  return key.state === 'found' ? as('found', key.keyType, key.bits) : as(key.state)
}

async function askRecords(resolver: Resolver, domain: string, service: KnownSender | null): Promise<PublishedDns['records']> {
  const templates = [...recordsOf(service, 'dkim', domain), ...recordsOf(service, 'return_path', domain)]
  const askable = templates.filter(({ type, name }) => type === 'CNAME' && !name.includes('{')).slice(0, mostRecords)
  return Promise.all(
    askable.map(async ({ name, value }) => {
      const answer = await resolver.cname(name)
      if ('problem' in answer) return { name, expected: value, found: null, state: 'not_answered' as const }
      const found = 'found' in answer ? (answer.found[0] ?? null) : null
      const state = found === null ? ('missing' as const) : fits(found, value) ? ('as_expected' as const) : ('other' as const)
      return { name, expected: value, found, state }
    }),
  )
}

/** Whether a name is the expected one; a part in {braces} may be any labels. */
function fits(found: string, expected: string): boolean {
  const lower = found.toLowerCase().replace(/\.$/, '')
  const parts = expected
    .toLowerCase()
    .replace(/\.$/, '')
    .split(/\{[^}]*\}/)
  const [first = '', ...rest] = parts
  const last = rest.pop()
  if (last === undefined) return lower === first
  if (lower.length < first.length + last.length || !lower.startsWith(first) || !lower.endsWith(last)) return false
  let from = first.length
  for (const part of rest) {
    const at = lower.indexOf(part, from)
    if (at === -1) return false
    from = at + part.length
  }
  return from <= lower.length - last.length
}
