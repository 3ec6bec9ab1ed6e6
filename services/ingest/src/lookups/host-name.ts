import { isIP } from 'node:net'
import { isSameAddress, reverseName } from './address.ts'
import type { Answer, Resolver } from './resolver.ts'

/** A name of an address, and whether it leads back; or that there is none; or that it could not be found out. */
export type HostName = { ptr: string; confirmed: boolean } | { ptr: null } | { problem: string }

/** PTR names of an address that are followed: one is the rule, shared hosts can have hundreds. */
const mostNames = 5

/**
 * The name of an address with forward confirmation: of all its PTR names the first that leads back to it, else the first. In the order
 * of the alphabet, as servers rotate their answers.
 */
export async function findHostName(resolver: Resolver, address: string): Promise<HostName> {
  const answer = await resolver.ptr(reverseName(address))
  if ('problem' in answer) return answer
  const names = 'found' in answer ? [...new Set(answer.found.map(toHostName).filter((name) => name !== null))].toSorted() : []
  const [first] = names
  if (first === undefined) return { ptr: null }
  let problem: string | null = null
  for (const name of names.slice(0, mostNames)) {
    const forward: Answer = await resolver.addresses(name, isIP(address) === 4 ? 4 : 6)
    if ('found' in forward && forward.found.some((it) => isSameAddress(it, address))) return { ptr: name, confirmed: true }
    if ('problem' in forward) problem ??= forward.problem
  }
  return problem === null ? { ptr: first, confirmed: false } : { problem }
}

/** In lower case and without the root's dot; null: no host name, whatever a PTR record may hold. */
export function toHostName(text: string): string | null {
  const name = text.toLowerCase().replace(/\.$/, '')
  const labels = name.split('.')
  const isName = name.length <= 253 && labels.length > 1 && labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))
  return isName && isIP(name) === 0 ? name : null
}
