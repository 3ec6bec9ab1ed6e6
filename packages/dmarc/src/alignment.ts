import { organizationalDomain } from './organizational-domain.ts'

/** `r` relaxed: same Organizational Domain; `s` strict: same name. */
export type AlignmentMode = 'r' | 's'

/**
 * Whether an authenticated domain (`d=` or MAIL FROM) is aligned with the Author Domain (RFC 7489 3.1, RFC 9989 4.4).
 * Says nothing about whether the authentication passed. Both names in lower case and A-labels; an empty one never aligns.
 */
export function isAligned(identifier: string, authorDomain: string, mode: AlignmentMode): boolean {
  if (identifier === '' || authorDomain === '') return false
  if (identifier === authorDomain) return true
  if (mode === 's') return false
  const organization = organizationalDomain(identifier)
  return organization !== null && organization === organizationalDomain(authorDomain)
}

/** What a reporter said about how it found the Organizational Domain. */
export interface Discovery {
  /** Policy Domain. */
  domain?: string
  discoveryMethod?: 'psl' | 'treewalk' | null
}

/**
 * Alignment as a reporter of this policy judged it. A reporter that walks the DNS tree (RFC 9989 4.10) and found the policy above
 * the Author Domain took the Policy Domain for the Organizational Domain: what is at or below it aligns, what is above does not.
 * In all other cases the tree can't be known afterwards, and the Public Suffix List stands in.
 */
export function isAlignedUnder(
  { domain = '', discoveryMethod }: Discovery,
  identifier: string,
  authorDomain: string,
  mode: AlignmentMode,
): boolean {
  const walked = discoveryMethod === 'treewalk' && isBelow(authorDomain, domain) && organizationalDomain(domain) !== null
  if (mode === 's' || !walked) return isAligned(identifier, authorDomain, mode)
  return identifier === domain || isBelow(identifier, domain)
}

function isBelow(name: string, domain: string): boolean {
  return domain !== '' && name.endsWith(`.${domain}`)
}
