import { openSecrets, OperatorError, sealSecrets, sql, type Db, type MailboxSettings } from '@ruadar/platform'
import type { MailboxDefinition } from '../source.ts'

export interface MailboxRow {
  id: number
  /** Null for a mailbox of the page, whose secrets are in `secrets`. */
  settingsKey: string | null
  definition: MailboxDefinition
  secrets: Buffer | null
  enabled: boolean
  revision: number
}

/** Every mailbox, whoever watches it. */
export async function readMailboxes(db: Db): Promise<MailboxRow[]> {
  const { rows } = await sql<MailboxRow>`
    select id, settings_key as "settingsKey", definition, secrets, enabled, revision from mailboxes order by id`.execute(db)
  return rows
}

/**
 * Makes the mailboxes of the settings known, without their secrets, and disables those that settings no longer name. What
 * did not change keeps its revision, so that a second process with the same settings disturbs nobody. Returns the names of those that
 * it disabled.
 */
export async function saveSettingsMailboxes(db: Db, mailboxes: readonly MailboxSettings[]): Promise<string[]> {
  for (const { key, input } of mailboxes) {
    const definition = JSON.stringify(withoutSecrets(input))
    const enabled = input.enabled ?? true
    await sql`
      insert into mailboxes as known (settings_key, definition, enabled) values (${key}, ${definition}::jsonb, ${enabled})
      on conflict (settings_key) do update set
        definition = excluded.definition, enabled = excluded.enabled, revision = known.revision + 1
      where known.definition <> excluded.definition or known.enabled <> excluded.enabled`.execute(db)
  }
  const keys = mailboxes.map((mailbox) => mailbox.key)
  const { rows } = await sql<{ name: string }>`
    update mailboxes set enabled = false, revision = revision + 1
    where settings_key is not null and enabled and not settings_key = any(${keys}::text[])
    returning coalesce(definition->>'name', settings_key) as name`.execute(db)
  return rows.map(({ name }) => name)
}

export async function markDisabled(db: Db): Promise<void> {
  await sql`
    update mailboxes set status = 'disabled', status_message = null, status_at = now()
    where not enabled and status <> 'disabled'`.execute(db)
}

/** The definition with the secrets that `sealSecrets` sealed for it; throws an OperatorError without the right key. */
export function openDefinition({ definition, secrets }: MailboxRow, secretKey: Buffer | null): MailboxDefinition {
  if (!secrets) return definition
  if (!secretKey)
    throw new OperatorError(
      'The password of this mailbox is sealed, and this process has no RUADAR_SECRET_KEY.',
      'Give it the one of the API.',
    )
  return { ...definition, auth: { ...definition.auth, ...(openSecrets(secrets, secretKey) as object) } }
}

/** Keeps the new refresh token of a provider that rotates them; the revision stays, since nothing has to start again. */
export async function saveRefreshToken(db: Db, mailboxId: number, refreshToken: string, secretKey: Buffer): Promise<void> {
  const { rows } = await sql<{ secrets: Buffer | null }>`select secrets from mailboxes where id = ${mailboxId}`.execute(db)
  const secrets = rows[0]?.secrets
  if (!secrets) return
  const sealed = sealSecrets({ ...(openSecrets(secrets, secretKey) as object), refreshToken }, secretKey)
  await sql`update mailboxes set secrets = ${sealed} where id = ${mailboxId} and secrets = ${secrets}`.execute(db)
}

function withoutSecrets(input: MailboxDefinition): MailboxDefinition {
  const { auth } = input
  if (auth.kind === 'password') return { ...input, auth: { kind: 'password' } }
  const { clientSecret: _client, refreshToken: _refresh, ...rest } = auth
  return { ...input, auth: rest }
}
