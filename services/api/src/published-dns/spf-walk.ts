import { BlockList, isIP } from 'node:net'
import type { PublishedDns } from '@ruadar/contract'
import { costsLookUp, parseSpfRecord, type SpfMechanism } from '@ruadar/dmarc'
import type { Resolver } from '@ruadar/ingest'

type Spf = NonNullable<PublishedDns['spf']>
type Permitted = boolean | null

/** RFC 7208 4.6.4. */
const lookUpLimit = 10
/** Where the walk ends: enough to say by how much a record is over the limit, few enough to ask for on request. */
const mostLookUps = 30
const mostShown = 10

interface Walk {
  lookUps: number
  problems: Spf['problems']
  seen: Set<string>
  resolver: Resolver
}

/**
 * The SPF record of a domain with all that it includes: how many look-ups it costs, what is wrong with it, whether `include` is in it,
 * and which addresses it permits. What only a mail itself can say (macros, mx, ptr) stays open: null.
 */
export async function walkSpf(
  resolver: Resolver,
  domain: string,
  { include, addresses }: { include: string | null; addresses: readonly string[] },
): Promise<Spf> {
  const walk: Walk = { lookUps: 0, problems: [], seen: new Set(), resolver }
  const answer = await resolver.txt(domain)
  const records = 'found' in answer ? answer.found.filter((text) => parseSpfRecord(text) !== null) : []
  const permitted = 'problem' in answer ? [] : await evaluate(walk, domain, records, addresses)
  return {
    records: records.slice(0, mostShown),
    lookUps: walk.lookUps,
    tooMany: walk.lookUps > lookUpLimit,
    problems: walk.problems.slice(0, mostShown),
    include: include === null ? null : { name: include, isThere: walk.seen.has(include) },
    addresses: addresses.map((address, index) => ({ address, permitted: permitted[index] ?? null })),
    problem: 'problem' in answer ? answer.problem : null,
  }
}

/** For each address whether these records permit it. */
async function evaluate(walk: Walk, domain: string, records: readonly string[], addresses: readonly string[]): Promise<Permitted[]> {
  walk.seen.add(domain)
  const note = (code: string, detail = '') => walk.problems.push({ code, domain, detail })
  const record = parseSpfRecord(records[0] ?? '')
  if (records.length > 1) note('several_records')
  if (!record || records.length > 1) {
    if (!record) note('no_record')
    return addresses.map(() => false)
  }
  for (const term of record.faulty) note('faulty_term', term)
  const verdicts: (Permitted | undefined)[] = addresses.map(() => undefined)
  const settle = (matches: readonly Permitted[], qualifier: SpfMechanism['qualifier']) => {
    matches.forEach((match, index) => {
      const before = verdicts[index]
      if (match === false || before === false || before === true) return
      // What stays open before is no matter once a later term permits the address.
      if (before === undefined || (match === true && qualifier === '+')) verdicts[index] = match === null ? null : qualifier === '+'
    })
  }
  for (const mechanism of record.mechanisms) {
    if (costsLookUp(mechanism)) {
      if (walk.lookUps >= mostLookUps) break
      walk.lookUps += 1
    }
    settle(await matchesOf(walk, domain, mechanism, addresses), mechanism.qualifier)
  }
  const hasAll = record.mechanisms.some(({ name }) => name === 'all')
  if (record.redirect !== null && !hasAll && walk.lookUps < mostLookUps) {
    walk.lookUps += 1
    settle(await include(walk, record.redirect, addresses), '+')
  }
  return verdicts.map((verdict) => (verdict === undefined ? false : verdict))
}

async function matchesOf(walk: Walk, domain: string, mechanism: SpfMechanism, addresses: readonly string[]): Promise<Permitted[]> {
  const { name, value } = mechanism
  if (name === 'all') return addresses.map(() => true)
  if (name === 'ip4' || name === 'ip6') return addresses.map((address) => isInside(address, value))
  if (name === 'include') return include(walk, value, addresses)
  if (name === 'a' && !value.includes('%')) return hosts(walk, domain, value, addresses)
  return addresses.map(() => null)
}

async function include(walk: Walk, target: string, addresses: readonly string[]): Promise<Permitted[]> {
  const name = target.toLowerCase().replace(/\.$/, '')
  const note = (code: string, detail = '') => walk.problems.push({ code, domain: name.slice(0, 253), detail })
  if (name.includes('%')) return addresses.map(() => null)
  if (walk.seen.has(name)) {
    note('circle')
    return addresses.map(() => null)
  }
  const answer = await walk.resolver.txt(name)
  if ('problem' in answer) {
    walk.seen.add(name)
    note('not_answered', answer.problem)
    return addresses.map(() => null)
  }
  const records = 'found' in answer ? answer.found.filter((text) => parseSpfRecord(text) !== null) : []
  return evaluate(walk, name, records, addresses)
}

/** The `a` mechanism: addresses of a name, each with a prefix of its own for either version (`a:host/24//64`). */
async function hosts(walk: Walk, domain: string, value: string, addresses: readonly string[]): Promise<Permitted[]> {
  const [, name = '', v4 = '', v6 = ''] = /^([^/]*)(?:\/(\d{1,2}))?(?:\/\/(\d{1,3}))?$/.exec(value) ?? []
  const found: string[] = []
  for (const version of new Set(addresses.map((address) => isIP(address)))) {
    if (version === 0) continue
    const answer = await walk.resolver.addresses(name || domain, version === 6 ? 6 : 4)
    if ('problem' in answer) return addresses.map(() => null)
    if ('found' in answer) found.push(...answer.found)
  }
  return addresses.map((address) => found.some((host) => isInside(address, `${host}/${isIP(host) === 4 ? v4 || 32 : v6 || 128}`)))
}

/** Whether an address lies in a network, written as `192.0.2.0/24` or as one address. */
export function isInside(address: string, network: string): boolean {
  const [base = '', prefix] = network.split('/')
  const version = isIP(base)
  const bits = prefix === undefined ? (version === 4 ? 32 : 128) : Number(prefix)
  if (version === 0 || isIP(address) !== version || !Number.isInteger(bits) || bits < 0 || bits > (version === 4 ? 32 : 128)) return false
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(base, bits, family)
  return list.check(address, family)
}
