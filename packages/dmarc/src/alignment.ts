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
