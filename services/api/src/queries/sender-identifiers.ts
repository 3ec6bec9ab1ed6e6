import type { SenderDetail, SourceIdentity } from '@ruadar/contract'
import { isAligned } from '@ruadar/dmarc'

const mostShown = 50

interface Sums {
  pass: number
  fail: number
  aligned: number
}

/** DKIM domains and selectors, with the messages that they passed and failed for. */
export function gatherSigners(ways: readonly SourceIdentity[]): SenderDetail['signers'] {
  const found = new Map<string, SenderDetail['signers'][number]>()
  for (const { authDkim, headerFrom, messages } of ways) {
    for (const { domain, selector, result } of authDkim) {
      if (domain === null) continue
      const sums = take(found, JSON.stringify([domain, selector]), { domain, selector })
      add(sums, result, messages, isAligned(domain, headerFrom, 'r'))
    }
  }
  return largest(found)
}

/** Domains that SPF was checked for, and how that went. An empty one stands for that of MAIL FROM (row 43 of report-formats.md). */
export function gatherBounceDomains(ways: readonly SourceIdentity[]): SenderDetail['bounceDomains'] {
  const found = new Map<string, SenderDetail['bounceDomains'][number]>()
  for (const { authSpf, envelopeFrom, headerFrom, messages } of ways) {
    for (const { domain: checked, result } of authSpf) {
      const domain = checked ?? envelopeFrom
      if (!domain) continue
      add(take(found, domain, { domain }), result, messages, isAligned(domain, headerFrom, 'r'))
    }
  }
  return largest(found)
}

function take<Name extends object>(found: Map<string, Name & Sums>, key: string, name: Name): Name & Sums {
  const sums = found.get(key) ?? { ...name, pass: 0, fail: 0, aligned: 0 }
  found.set(key, sums)
  return sums
}

function add(sums: Sums, result: string, messages: number, aligned: boolean): void {
  if (result === 'pass') sums.pass += messages
  else sums.fail += messages
  if (result === 'pass' && aligned) sums.aligned += messages
}

const largest = <T extends Sums>(found: Map<string, T>): T[] =>
  [...found.values()].sort((a, b) => b.pass + b.fail - (a.pass + a.fail)).slice(0, mostShown)
