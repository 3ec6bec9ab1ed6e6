import { type Db, sha256, sql } from '@ruadar/platform'
import { catalogue, catalogueVersion, createIdentifier, type Identity, type SenderRule, type Way } from '@ruadar/senders'

/** How ways get their senders now: the catalogue, and the rules that operators added. */
export interface Naming {
  /** Changes with the catalogue and the rules; a way that was identified with another is identified anew. */
  version: string
  identify(way: Way): Identity
}

/** Reads the operators' rules; the same Naming as before when none has changed. */
export async function loadNaming(db: Db, before: Naming | undefined): Promise<Naming> {
  const { rows: rules } = await sql<SenderRule>`select id::text as id, name, kind, match from sender_rules order by id desc`.execute(db)
  const version = `${catalogueVersion}.${sha256(JSON.stringify(rules)).toString('hex').slice(0, 12)}`
  return before?.version === version ? before : { version, identify: createIdentifier(catalogue, rules) }
}
