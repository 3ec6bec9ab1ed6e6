import type { AlignmentMode } from '../alignment.ts'
import type { Policy } from '../evidence.ts'
import { readTags } from './tag-list.ts'

/** A DMARC record as receivers read it: defaults filled in where the RFC has one. */
export interface DmarcRecord {
  /** Null: missing or nothing that the RFC knows. */
  p: Policy | null
  sp: Policy | null
  np: Policy | null
  adkim: AlignmentMode
  aspf: AlignmentMode
  /** Addresses of aggregate reports, without `mailto:` and size; other schemes are left out, nobody serves them. */
  rua: string[]
}

const mostAddresses = 20

/** Null for a TXT record that is not a DMARC record: it has to start with exactly `v=DMARC1` (RFC 9989 4.7, RFC 7489 6.4). */
export function parseDmarcRecord(text: string): DmarcRecord | null {
  if (!/^\s*v\s*=\s*DMARC1\s*(;|$)/.test(text)) return null
  const tags = readTags(text) ?? readTags(text.split(';').filter(isTag).join(';')) ?? new Map<string, string>()
  return {
    p: toPolicy(tags.get('p')),
    sp: toPolicy(tags.get('sp')),
    np: toPolicy(tags.get('np')),
    adkim: toMode(tags.get('adkim')),
    aspf: toMode(tags.get('aspf')),
    rua: (tags.get('rua') ?? '')
      .split(',')
      .slice(0, mostAddresses)
      .flatMap((uri) => /^\s*mailto:([^!\s]+@[^!\s]+)(![0-9]+[kmgt]?)?\s*$/i.exec(uri)?.[1] ?? []),
  }
}

const isTag = (part: string): boolean => part.includes('=')

function toPolicy(value: string | undefined): Policy | null {
  const policy = value?.toLowerCase()
  return policy === 'none' || policy === 'quarantine' || policy === 'reject' ? policy : null
}

const toMode = (value: string | undefined): AlignmentMode => (value?.toLowerCase() === 's' ? 's' : 'r')
