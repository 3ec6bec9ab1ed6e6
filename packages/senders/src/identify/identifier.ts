import type { KnownSender } from '../catalogue/types.ts'
import type { Identity, IdentityEvidence, Way } from '../types.ts'
import { indexCatalogue } from './catalogue-index.ts'
import { type Clues, readClues } from './clues.ts'
import { type Decision, decide } from './decide.ts'
import { ownerOf } from './names.ts'
import { compileRule, type SenderRule } from './rules.ts'

// More than a page shows at a glance; a hostile report could name hundreds.
const MOST_EVIDENCE = 8

/** Says who operates a source. Never throws, whatever a report holds; the order of signatures and checks does not matter. */
export type Identify = (way: Way) => Identity

/**
 * Prepares identification by a catalogue and the operator's own rules, which are tried first, in the order given: newest first.
 * @throws RangeError if a network of the catalogue is none.
 */
export function createIdentifier(catalogue: readonly KnownSender[], rules: readonly SenderRule[] = []): Identify {
  const index = indexCatalogue(catalogue)
  const tests = rules.map((rule) => ({ rule, test: compileRule(rule) }))
  return (way) => {
    const clues = readClues(way, index)
    for (const { rule, test } of tests) {
      const evidence = test(clues)
      if (evidence === null) continue
      return {
        key: `rule:${rule.id}`,
        name: rule.name,
        kind: rule.kind,
        evidence: [{ by: 'operator_rule', value: rule.name }, ...evidence],
      }
    }
    const decision = decide(clues)
    return { ...describe(decision, clues), evidence: supporting(decision, clues) }
  }
}

function describe(decision: Decision, { asn, network, address }: Clues): Omit<Identity, 'evidence'> {
  switch (decision.is) {
    case 'known': {
      const { id, name, kind } = decision.sender
      return { key: `known:${id}`, name, kind }
    }
    case 'domain':
      return { key: `domain:${decision.domain}`, name: decision.domain, kind: 'domain' }
    case 'network':
      return { key: `as:${decision.asn}`, name: network ?? `AS${asn}`, kind: 'network' }
    case 'address':
      return { key: `address:${address}`, name: address, kind: 'address' }
  }
}

/** What settled it, then everything else that speaks for the same. */
function supporting(decision: Decision, { signatures, bounces, places, host }: Clues): IdentityEvidence[] {
  const found: IdentityEvidence[] = [decision.because]
  const passing = signatures.filter((it) => it.passes)
  if (decision.is === 'known') {
    const { sender } = decision
    for (const it of passing) if (it.sender === sender) found.push({ by: 'signature', value: it.domain })
    for (const it of passing) if (it.selectorOf.some((match) => match.sender === sender)) found.push({ by: 'selector', value: it.selector })
    for (const it of bounces) if (it.spf === 'pass' && it.sender === sender) found.push({ by: 'bounce_domain', value: it.domain })
    for (const it of places) if (it.sender === sender) found.push({ by: it.by, value: it.value })
  }
  if (decision.is === 'domain') {
    const { domain } = decision
    for (const it of passing) if (ownerOf(it.domain) === domain) found.push({ by: 'signature', value: it.domain })
    for (const it of bounces) if (it.spf === 'pass' && ownerOf(it.domain) === domain) found.push({ by: 'bounce_domain', value: it.domain })
    if (host !== '' && ownerOf(host) === domain) found.push({ by: 'host', value: host })
  }
  const distinct = new Map(found.map((it) => [`${it.by} ${it.value}`, it]))
  return [...distinct.values()].slice(0, MOST_EVIDENCE)
}
