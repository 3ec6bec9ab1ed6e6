import { getDomain } from 'tldts'

// A report names few domains many times. The bound only keeps a hostile report from filling the memory: 20,000 names are about 3 MB.
const MEMO_SIZE = 20_000
const memo = new Map<string, string | null>()

/**
 * The Organizational Domain by the Public Suffix List, private suffixes included (RFC 7489 3.2): `a.b.example.com` -> `example.com`.
 * `domain` is expected in lower case and A-labels. Null for a public suffix itself, a single label, an address or no name at all:
 * there only identity aligns.
 */
export function organizationalDomain(domain: string): string | null {
  const known = memo.get(domain)
  if (known !== undefined) return known
  // validateHostname would refuse labels with underscores, which are legal in the DNS and occur in d= and MAIL FROM.
  const found = getDomain(domain, { allowPrivateDomains: true, extractHostname: false, validateHostname: false })
  if (memo.size >= MEMO_SIZE) memo.clear()
  memo.set(domain, found)
  return found
}
