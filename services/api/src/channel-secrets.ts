import type { ChannelInput, ChannelKind } from '@ruadar/contract'
import { secretFields } from '@ruadar/ingest'
import { isLoopback, openSecrets, type Settings } from '@ruadar/platform'
import { ProblemError } from './problem.ts'

type Target = ChannelInput['target']
type SecretName = (typeof secretFields)[number]
export type ChannelSecrets = Partial<Record<SecretName, string>>

/** The target without its secrets, as it is stored and shown, with what may be said of the secrets. */
export interface ChannelDefinition {
  kind: ChannelKind
  /** Where it leads to, for a person. */
  address: string
  /** Names of the secrets that are stored. */
  secretNames: SecretName[]
  [field: string]: unknown
}

export interface StoredChannel {
  definition: ChannelDefinition
  secrets: Buffer
}

type Rules = Pick<Settings, 'secretKey' | 'allowPrivateWebhooks'>

/**
 * Divides what a person entered into what may be shown and what is sealed. Secrets left empty stay those of `stored`, as long as they go
 * to the same server: otherwise anyone at the page could have them sent to their own. Throws 400 `secret_needed`, `plain_not_allowed`,
 * `bad_channel`.
 */
export function divideChannel(
  { target, digest }: ChannelInput,
  stored: StoredChannel | null,
  rules: Rules,
): { definition: ChannelDefinition; secrets: ChannelSecrets } {
  const shown: Record<string, unknown> = { ...target }
  const secrets: ChannelSecrets = {}
  const kept = stored ? keptSecrets(target, stored, rules.secretKey) : {}
  for (const name of secretFields) {
    const value = (shown[name] as string | undefined) || kept[name]
    delete shown[name]
    if (value) secrets[name] = value
  }
  if (target.kind === 'email' && !target.user) delete secrets.password
  assertSound(target, secrets, rules)
  if (digest !== 'none' && target.kind !== 'email') throw badChannel('Only e-mail channels send digests.')
  const secretNames = secretFields.filter((name) => name in secrets)
  return { definition: { ...shown, kind: target.kind, address: addressOf(target, secrets), secretNames }, secrets }
}

function keptSecrets(target: Target, { definition, secrets }: StoredChannel, key: Buffer | null): ChannelSecrets {
  if (definition.kind !== target.kind || !key) return {}
  const opened = openSecrets(secrets, key) as ChannelSecrets
  switch (target.kind) {
    case 'email':
      return definition.host === target.host ? opened : {}
    case 'telegram':
      return (definition.apiUrl ?? '') === (target.apiUrl ?? '') ? opened : {}
    case 'ntfy':
      // The token goes with the address.
      return !target.url || hostOf(target.url) === hostOf(opened.url ?? '') ? opened : {}
    default:
      return opened
  }
}

function assertSound(target: Target, secrets: ChannelSecrets, rules: Rules): void {
  switch (target.kind) {
    case 'email':
      return assertSoundMail(target, secrets)
    case 'telegram':
      if (!secrets.token) throw secretNeeded("bot's token")
      if (target.apiUrl) assertAddress(target.apiUrl, rules)
      return
    default:
      if (!secrets.url) throw secretNeeded('address')
      assertAddress(secrets.url, rules)
      if (target.kind !== 'webhook') return
      if (!secrets.signingKey) throw secretNeeded('signing key')
      if (secrets.signingKey.length < 16) throw badChannel('The signing key must have at least 16 characters.')
  }
}

function assertSoundMail({ security, host, user, from }: Extract<Target, { kind: 'email' }>, secrets: ChannelSecrets): void {
  if (security === 'plain' && !isLoopback(host)) {
    throw new ProblemError(
      400,
      'plain_not_allowed',
      `Without TLS the password would travel to ${host} in the clear: choose TLS or STARTTLS.`,
    )
  }
  if (user && !secrets.password) throw secretNeeded('password')
  if (!/^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/.test(from || user || '')) {
    throw badChannel('Enter the sender address: the account is none.')
  }
}

function assertAddress(url: string, { allowPrivateWebhooks }: Rules): void {
  const { protocol, username } = URL.canParse(url) ? new URL(url) : { protocol: '', username: '' }
  const isAllowed = protocol === 'https:' || (protocol === 'http:' && allowPrivateWebhooks)
  if (!isAllowed || username !== '') throw badChannel('The address must be a URL that starts with https:// and holds no user name.')
}

function addressOf(target: Target, secrets: ChannelSecrets): string {
  if (target.kind === 'email') return target.to.join(', ')
  return target.kind === 'telegram' ? target.chatId : hostOf(secrets.url ?? '')
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '')

const badChannel = (detail: string) => new ProblemError(400, 'bad_channel', detail)

function secretNeeded(what: string): ProblemError {
  return new ProblemError(400, 'secret_needed', `Enter the ${what}. A stored one is used again only for the same server.`)
}
