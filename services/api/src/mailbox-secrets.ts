import type { MailboxInput } from '@ruadar/contract'
import { isLoopback, openSecrets, sealSecrets } from '@ruadar/platform'
import type { ChannelSecrets } from './channel-secrets.ts'
import { ProblemError } from './problem.ts'
import type { MailboxDefinition, StoredMailbox } from './queries/mailboxes.ts'

/** What is sealed: the fields of `auth` that never leave again. */
export type MailboxSecrets = { password: string } | { clientSecret?: string; refreshToken?: string }

/**
 * Divides what a person entered into what may be shown and what is sealed. Fields left empty keep the stored secret of
 * `stored`, as long as it would go to the same server: otherwise anyone at the page could have it sent to their own.
 * Throws 400 `secret_needed`, `plain_not_allowed`, `bad_mailbox`.
 */
export function divideMailbox(
  input: MailboxInput,
  stored: StoredMailbox | null,
  key: Buffer | null,
): { definition: MailboxDefinition; secrets: MailboxSecrets } {
  assertSound(input)
  const { name, host, port, security, user, folders, afterwards, acceptInvalidCertificate = false } = input
  const kept = stored && sameServer(stored.definition, input) && key ? openStored(stored, key) : {}
  const base = { name, host, port, security, user, folders: [...new Set(folders)], afterwards, acceptInvalidCertificate }
  if (input.auth.kind === 'password') {
    const password = input.auth.password || kept.password
    if (!password) throw secretNeeded('password')
    return { definition: { ...base, auth: { kind: 'password' } }, secrets: { password } }
  }
  const { tokenUrl, clientId, scope } = input.auth
  const clientSecret = input.auth.clientSecret || kept.clientSecret
  const refreshToken = input.auth.refreshToken || kept.refreshToken
  if (!clientSecret && !refreshToken) throw secretNeeded('refresh token or the client secret')
  return {
    definition: { ...base, auth: { kind: 'oauth2', tokenUrl, clientId, ...(scope ? { scope } : {}) } },
    secrets: { ...(clientSecret ? { clientSecret } : {}), ...(refreshToken ? { refreshToken } : {}) },
  }
}

/** The mailbox as ingest uses it. */
export function joinMailbox(definition: MailboxDefinition, secrets: MailboxSecrets): MailboxInput {
  return { ...definition, auth: { ...definition.auth, ...secrets } }
}

/** Throws 409 `secret_key_missing` when this process was given no key. */
export function seal(secrets: MailboxSecrets | ChannelSecrets, key: Buffer | null): Buffer {
  if (!key) {
    throw new ProblemError(
      409,
      'secret_key_missing',
      'Passwords and other secrets can be stored only with RUADAR_SECRET_KEY set, the same for all processes.',
    )
  }
  return sealSecrets(secrets, key)
}

type AnySecrets = { password?: string; clientSecret?: string; refreshToken?: string }

function openStored({ secrets }: StoredMailbox, key: Buffer): AnySecrets {
  return secrets ? (openSecrets(secrets, key) as AnySecrets) : {}
}

function sameServer(stored: MailboxDefinition, input: MailboxInput): boolean {
  if (stored.auth.kind !== input.auth.kind || stored.host !== input.host) return false
  return stored.auth.kind === 'password' || (input.auth.kind === 'oauth2' && stored.auth.tokenUrl === input.auth.tokenUrl)
}

function assertSound({ security, host, folders, afterwards, auth }: MailboxInput): void {
  if (security === 'plain' && !isLoopback(host)) {
    throw new ProblemError(
      400,
      'plain_not_allowed',
      `Without TLS the password would travel to ${host} in the clear: choose TLS or STARTTLS.`,
    )
  }
  if (afterwards.action === 'move' && folders.includes(afterwards.folder)) {
    throw new ProblemError(400, 'bad_mailbox', 'Mails cannot be moved into a folder that is read.')
  }
  if (auth.kind === 'oauth2' && !isTokenUrl(auth.tokenUrl)) {
    throw new ProblemError(400, 'bad_mailbox', 'The token URL must start with https://.')
  }
}

function isTokenUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}

function secretNeeded(what: string): ProblemError {
  return new ProblemError(400, 'secret_needed', `Enter the ${what}. A stored one is used again only for the same server.`)
}
