import type { Mailbox, MailboxInput } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'

/** The contract's MailboxInput without secrets, as it is stored. */
export type MailboxDefinition = Omit<MailboxInput, 'enabled'>

export interface StoredMailbox {
  definition: MailboxDefinition
  secrets: Buffer | null
  managedBy: Mailbox['managedBy']
}

interface Row {
  id: number
  managedBy: Mailbox['managedBy']
  definition: MailboxDefinition
  enabled: boolean
  status: Mailbox['status']
  statusMessage: string | null
  statusAt: Date | null
  folders: Mailbox['folders']
}

/** All mailboxes, or one, with the progress of the folders that their definition names. */
export async function listMailboxes(db: Db, id?: number): Promise<Mailbox[]> {
  const { rows } = await sql<Row>`
    select
      b.id, case when b.settings_key is null then 'page' else 'settings' end as "managedBy", b.definition, b.enabled,
      b.status, b.status_message as "statusMessage", b.status_at as "statusAt",
      (select coalesce(jsonb_agg(jsonb_build_object(
          'folder', name, 'total', f.total, 'remaining', f.remaining, 'fetched', coalesce(f.fetched, 0),
          'lastMailAt', to_char(f.last_mail_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'syncedAt', to_char(f.synced_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by place), '[]')
       from jsonb_array_elements_text(b.definition->'folders') with ordinality as named(name, place)
         left join mailbox_folders f on f.mailbox_id = b.id and f.folder = name) as folders
    from mailboxes b
    where ${id === undefined ? sql`true` : sql`b.id = ${id}`}
    order by b.id`.execute(db)
  return rows.map(toMailbox)
}

function toMailbox({ definition, statusAt, ...row }: Row): Mailbox {
  const { name, host, port, security, user, auth, afterwards } = definition
  return {
    ...row,
    name,
    host,
    port,
    security,
    user,
    authKind: auth.kind,
    afterwards,
    acceptInvalidCertificate: definition.acceptInvalidCertificate ?? false,
    status: row.enabled ? row.status : 'disabled',
    statusAt: statusAt?.toISOString() ?? null,
  }
}

export async function findStoredMailbox(db: Db, id: number): Promise<StoredMailbox | null> {
  const { rows } = await sql<StoredMailbox>`
    select definition, secrets, case when settings_key is null then 'page' else 'settings' end as "managedBy"
    from mailboxes where id = ${id}`.execute(db)
  return rows[0] ?? null
}

export async function insertMailbox(db: Db, definition: MailboxDefinition, secrets: Buffer, enabled: boolean): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into mailboxes (definition, secrets, enabled) values (${JSON.stringify(definition)}::jsonb, ${secrets}, ${enabled})
    returning id`.execute(db)
  return (rows[0] as { id: number }).id
}

/**
 * Replaces a mailbox that the page manages; false when there is none. The new revision makes the ingest process connect anew.
 * Another account's folders are other folders: how far the old ones were fetched is forgotten.
 */
export function updateMailbox(db: Db, id: number, definition: MailboxDefinition, secrets: Buffer, enabled: boolean): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    await sql`
      delete from mailbox_folders f using mailboxes b
      where b.id = ${id} and b.settings_key is null and f.mailbox_id = b.id
        and (b.definition->>'host', b.definition->>'user') is distinct from (${definition.host}::text, ${definition.user}::text)`.execute(
      trx,
    )
    const { rows } = await sql`
      update mailboxes
      set definition = ${JSON.stringify(definition)}::jsonb, secrets = ${secrets}, enabled = ${enabled}, revision = revision + 1,
        status = 'new', status_message = null, status_at = now()
      where id = ${id} and settings_key is null
      returning id`.execute(trx)
    return rows.length > 0
  })
}

/** Stores a secret that the mail provider has replaced; the connection goes on, so the revision stays. */
export async function replaceSecrets(db: Db, id: number, secrets: Buffer): Promise<void> {
  await sql`update mailboxes set secrets = ${secrets} where id = ${id}`.execute(db)
}

/** False when the page manages no such mailbox. What was fetched from it stays. */
export async function deleteMailbox(db: Db, id: number): Promise<boolean> {
  const { rows } = await sql`delete from mailboxes where id = ${id} and settings_key is null returning id`.execute(db)
  return rows.length > 0
}
