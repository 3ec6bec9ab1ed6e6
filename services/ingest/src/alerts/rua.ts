import { organizationalDomain, parseDmarcRecord } from '@ruadar/dmarc'
import type { Resolver } from '../lookups/resolver.ts'

/**
 * Whether the DMARC record that receivers find for a domain, its own or that of its organisation, still asks for reports. Null: nobody
 * may be asked, or no answer came.
 */
export async function isRuaPublished(resolver: Pick<Resolver, 'txt'> | null, domain: string): Promise<boolean | null> {
  if (resolver === null) return null
  for (const name of new Set([domain, organizationalDomain(domain) ?? domain])) {
    const answer = await resolver.txt(`_dmarc.${name}`)
    if ('problem' in answer) return null
    const records = 'found' in answer ? answer.found.map(parseDmarcRecord).filter((record) => record !== null) : []
    // Several records count as none (RFC 9989 4.10).
    const [record] = records
    if (record && records.length === 1) return record.rua.length > 0
  }
  return false
}
