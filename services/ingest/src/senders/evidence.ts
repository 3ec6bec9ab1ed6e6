import { type Db, sql } from '@ruadar/platform'
import type { HostFacts, IdentityEvidence, Way } from '@ruadar/senders'
import { loadNaming, type Naming } from './naming.ts'

/** Ways of a sender that are looked through for proofs, and those with different ones that are asked what speaks for its name. */
const mostLookedAt = 5000
const mostWays = 200
const mostEvidence = 20
const strength: readonly IdentityEvidence['by'][] = [
  'operator_rule',
  'signature',
  'selector',
  'bounce_domain',
  'host',
  'network',
  'address',
]

/** Kept from question to question: to index the catalogue takes longer than to ask it. */
let naming: Naming | undefined

/** What speaks for a sender's name: the evidence of its ways taken together, strongest first. */
export async function gatherEvidence(db: Db, senderId: number): Promise<IdentityEvidence[]> {
  naming = await loadNaming(db, naming)
  const { identify } = naming
  const { rows } = await sql<Omit<Way, 'sourceIp' | 'host'> & { sourceIp: string; host: HostFacts | null }>`
    select host(w.source_ip) as "sourceIp", a.name as "headerFrom", s.envelope_from as "envelopeFrom", s.dkim, s.spf,
      case when h.looked_up_at is null then null else jsonb_build_object(
        'ptr', h.ptr, 'confirmed', h.confirmed, 'asn', h.asn, 'network', h.network, 'country', h.country) end as host
    from (
        select distinct on (proof) * from (select * from ways where sender_id = ${senderId} limit ${mostLookedAt}) looked_at
        order by proof, source_ip limit ${mostWays}) w
      join author_domains a on a.id = w.author_domain_id
      join auth_sets s on s.id = w.auth_set_id
      left join source_hosts h on h.source_ip = w.source_ip`.execute(db)
  const found = new Map<string, IdentityEvidence>()
  for (const { sourceIp, ...way } of rows) {
    for (const evidence of identify({ ...way, sourceIp: sourceIp === '::' ? null : sourceIp }).evidence) {
      found.set(`${evidence.by} ${evidence.value}`, evidence)
    }
  }
  return [...found.values()].sort((a, b) => strength.indexOf(a.by) - strength.indexOf(b.by)).slice(0, mostEvidence)
}
