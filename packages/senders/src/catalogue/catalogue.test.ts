import { describe, expect, it } from 'vitest'
import { createIdentifier } from '../identify/identifier.ts'
import { parseNetwork } from '../identify/networks.ts'
import { serviceKinds, type Way } from '../types.ts'
import { catalogue, knownSenderOf } from './catalogue.ts'
import type { KnownSender } from './types.ts'
import { catalogueVersion } from './version.ts'

const NAME = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/
const HOST_PATTERN = /^[a-z0-9*.-]*\*[a-z0-9*.-]*\.(?:[a-z0-9-]+\.)+[a-z]+$/
const identify = createIdentifier(catalogue)

const signersOf = ({ domains = [], signers = [] }: KnownSender) => [...domains, ...signers]
const bouncesOf = ({ domains = [], bounces = [] }: KnownSender) => [...domains, ...bounces]
const hostsOf = ({ domains = [], hosts = [] }: KnownSender) => [...domains, ...hosts]
const selectorsOf = ({ selectors = [], weakSelectors = [] }: KnownSender) => [...selectors, ...weakSelectors]
const sample = (pattern: string) => pattern.replaceAll('*', 'x7')

const way = (facts: Partial<Way>): Way => ({
  sourceIp: '2001:db8::7',
  headerFrom: 'example.com',
  envelopeFrom: null,
  dkim: [],
  spf: [],
  host: null,
  ...facts,
})

/** All pairs of what an entry is recognised by and the entry. */
const claims = (of: (sender: KnownSender) => readonly string[]) =>
  catalogue.flatMap((sender) => of(sender).map((claim) => ({ claim, sender })))

function twiceClaimed(of: (sender: KnownSender) => readonly string[]): string[] {
  const all = claims(of).map(({ claim }) => claim)
  return all.filter((claim, at) => all.indexOf(claim) !== at)
}

/** Claims that lead to somebody else, as `claim: expected, found`. */
function strays(of: (sender: KnownSender) => readonly string[], facts: (claim: string, sender: KnownSender) => Partial<Way>): string[] {
  return claims(of).flatMap(({ claim, sender }) => {
    const { key } = identify(way(facts(claim, sender)))
    return key === `known:${sender.id}` ? [] : [`${claim}: ${sender.id}, ${key}`]
  })
}

describe('the catalogue', () => {
  it('knows at least 150 senders, and some of every kind', () => {
    expect(catalogue.length).toBeGreaterThanOrEqual(150)
    const small = serviceKinds.filter((kind) => catalogue.filter((it) => it.kind === kind).length < 3)
    expect(small).toEqual([])
  })

  it('knows the services that Russian mail comes from', () => {
    const wanted = ['yandex-360', 'vk-mail', 'unisender', 'unione', 'sendpulse', 'mindbox', 'dashamail', 'notisend', 'sendsay', 'mailganer']
    wanted.push(
      'beget',
      'timeweb',
      'reg-ru',
      'masterhost',
      'jino',
      'spaceweb',
      'bitrix24',
      'amocrm',
      'retailcrm',
      'carrot-quest',
      'usedesk',
    )
    wanted.push('getresponse', 'expertsender', 'estismail', 'rambler', '1c')
    expect(wanted.filter((id) => knownSenderOf(`known:${id}`) === null)).toEqual([])
  })

  it('gives every sender an id of its own, a name, and a link to its own documentation', () => {
    expect(new Set(catalogue.map((it) => it.id)).size).toBe(catalogue.length)
    expect(new Set(catalogue.map((it) => it.name)).size).toBe(catalogue.length)
    for (const { id, name, instructions } of catalogue) {
      expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
      expect(name.trim()).toBe(name)
      expect(new URL(instructions).protocol).toBe('https:')
    }
  })

  it('recognises every sender by something', () => {
    const blind = catalogue.filter((it) => [signersOf, bouncesOf, hostsOf, selectorsOf].every((of) => of(it).length === 0))
    expect(blind.map((it) => it.id)).toEqual([])
  })

  it('holds names, patterns and networks that can occur', () => {
    for (const { claim } of [...claims(signersOf), ...claims(bouncesOf)]) expect(claim).toMatch(NAME)
    for (const { claim } of claims(hostsOf)) expect(claim).toMatch(claim.includes('*') ? HOST_PATTERN : NAME)
    for (const { claim } of claims(selectorsOf)) expect(claim).toMatch(/^[a-z0-9][a-z0-9_-][a-z0-9_*-]*$/)
    for (const { claim } of claims((it) => it.networks ?? [])) expect(claim).toSatisfy((it: string) => parseNetwork(it) !== null)
    for (const { asns = [] } of catalogue) for (const asn of asns) expect(asn).toBeGreaterThan(0)
  })

  it('claims nothing twice: not a signer, bounce domain, host, network, system or telling selector', () => {
    for (const of of [signersOf, bouncesOf, hostsOf]) expect(twiceClaimed(of)).toEqual([])
    expect(twiceClaimed((it) => it.networks ?? [])).toEqual([])
    expect(twiceClaimed((it) => (it.asns ?? []).map(String))).toEqual([])
    expect(twiceClaimed((it) => it.selectors ?? [])).toEqual([])
  })

  it('finds each sender by each of its own signers, selectors, bounce domains, hosts and networks', () => {
    const signed = (domain: string, selector = 'x') => ({ dkim: [{ domain, selector, result: 'pass' }] })
    expect(strays(signersOf, (domain) => signed(`a.${domain}`))).toEqual([])
    expect(
      strays(
        ({ selectors = [] }) => selectors,
        (selector) => signed('example.com', sample(selector)),
      ),
    ).toEqual([])
    expect(strays(bouncesOf, (domain) => ({ spf: [{ domain, scope: 'mfrom', result: 'pass' }] }))).toEqual([])
    const named = (ptr: string, asn: number | null = null) => ({ host: { ptr, confirmed: true, asn, network: null, country: null } })
    expect(strays(hostsOf, (host) => named(host.includes('*') ? sample(host) : `out.${host}`))).toEqual([])
    expect(
      strays(
        ({ networks = [] }) => networks,
        (network) => ({ sourceIp: network.split('/')[0] ?? null }),
      ),
    ).toEqual([])
    expect(
      strays(
        ({ asns = [] }) => asns.map(String),
        (asn) => named('mx.example.net', Number(asn)),
      ),
    ).toEqual([])
  })

  it('gives records whose names lie under the domain, and whose holes are named', () => {
    for (const { records = [] } of catalogue) {
      for (const { for: use, type, name, value } of records) {
        expect(name).toMatch(use === 'dkim' ? /\._domainkey\.(?:\{[a-z]+\}\.)?\{domain\}$/ : /\.\{domain\}$/)
        expect(`${name} ${value}`.replaceAll(/\{[a-z]+\}/g, '')).not.toMatch(/[{}]/)
        expect(value).toMatch(type === 'CNAME' ? /^[\w.{}-]+\.[\w.{}-]+$/ : /\S/)
      }
    }
  })

  it('asks for records only where the mail can come to align by them', () => {
    const uses = catalogue.flatMap(({ id, alignment, records = [] }) => records.map((it) => ({ id, use: it.for, ...alignment })))
    expect(uses.filter((it) => it.use === 'dkim' && it.dkim !== 'own_domain')).toEqual([])
    expect(uses.filter((it) => it.use === 'return_path' && it.spf !== 'own_return_path')).toEqual([])
  })

  it('has a version that says which logic and data it stands for', () => {
    expect(catalogueVersion).toMatch(/^\d+-[0-9a-f]{16}$/)
  })
})
