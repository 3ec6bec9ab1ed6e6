import { readFileSync } from 'node:fs'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { parse } from 'yaml'
import { isLoopback, type MailboxSettings } from './imap-url.ts'

const Secret = { Text: Type.Optional(Type.String()), File: Type.Optional(Type.String()) }

const FileMailbox = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    host: Type.String({ minLength: 1 }),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535 })),
    security: Type.Optional(Type.Union([Type.Literal('tls'), Type.Literal('starttls'), Type.Literal('plain')])),
    user: Type.String({ minLength: 1 }),
    password: Secret.Text,
    password_file: Secret.File,
    oauth2: Type.Optional(
      Type.Object(
        {
          token_url: Type.String({ minLength: 1 }),
          client_id: Type.String({ minLength: 1 }),
          client_secret: Secret.Text,
          client_secret_file: Secret.File,
          refresh_token: Secret.Text,
          refresh_token_file: Secret.File,
          scope: Type.Optional(Type.String()),
        },
        { additionalProperties: false },
      ),
    ),
    folders: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })),
    after: Type.Optional(Type.Union([Type.Literal('leave'), Type.Literal('seen'), Type.Literal('move'), Type.Literal('delete')])),
    move_to: Type.Optional(Type.String()),
    delete_after_days: Type.Optional(Type.Integer({ minimum: 0 })),
    accept_invalid_certificate: Type.Optional(Type.Boolean()),
    allow_plain: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
type FileMailbox = Static<typeof FileMailbox>

export interface ConfigurationFile {
  /** As texts, like variables of the environment. */
  values: Record<string, string>
  mailboxes: MailboxSettings[]
}

/** Reads RUADAR_CONFIG: a YAML map with setting names and a list `mailboxes`. Problems are added to `problems`. */
export function readConfigurationFile(path: string, problems: string[]): ConfigurationFile {
  const none: ConfigurationFile = { values: {}, mailboxes: [] }
  let content: unknown
  try {
    content = parse(readFileSync(path, 'utf8')) ?? {}
  } catch (error) {
    problems.push(`RUADAR_CONFIG: ${path} cannot be read: ${(error as Error).message.split('\n')[0]?.replace(/:$/, '')}`)
    return none
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    problems.push(`RUADAR_CONFIG: ${path} must hold a map of settings`)
    return none
  }
  const { mailboxes = [], ...given } = content as Record<string, unknown>
  const values = toTexts(given, problems)
  if (!Array.isArray(mailboxes)) {
    problems.push(`RUADAR_CONFIG: mailboxes in ${path} must be a list`)
    return { values, mailboxes: [] }
  }
  const read = mailboxes.flatMap((entry, index) => {
    const where = `RUADAR_CONFIG: mailboxes[${index}]`
    if (!Value.Check(FileMailbox, entry)) {
      problems.push(...describeFaults(entry).map((fault) => `${where}: ${fault}`))
      return []
    }
    try {
      return [toMailbox(entry)]
    } catch (error) {
      problems.push(`${where}: ${(error as Error).message}`)
      return []
    }
  })
  const names = read.map(({ input }) => input.name)
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index))) {
    problems.push(`RUADAR_CONFIG: two mailboxes are called ${name}; the name tells them apart`)
  }
  return { values, mailboxes: read }
}

/** A list of single values is written with commas, as `RUADAR_DOMAINS: [example.org, example.com]` suggests. */
function toTexts(given: Record<string, unknown>, problems: string[]): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    const parts = Array.isArray(value) ? value : [value ?? '']
    if (parts.some((part) => typeof part === 'object')) problems.push(`RUADAR_CONFIG: ${name} must be a single value or a list of them`)
    else values[name] = parts.join(',')
  }
  return values
}

/** One sentence for each field that is wrong. Values are not repeated: they may be secrets. */
function describeFaults(entry: unknown): string[] {
  const faults = Value.Errors(FileMailbox, entry).map(({ keyword, instancePath, message }) => {
    const field = instancePath.slice(1).replaceAll('/', '.')
    // TypeBox describes an unknown field by the schema `false`, which says nothing to an operator.
    if (keyword === 'boolean') return `${field} is not known here`
    return keyword === 'additionalProperties' ? '' : `${field} ${message}`.trim()
  })
  return [...new Set(faults)].filter(Boolean)
}

function toMailbox(entry: FileMailbox): MailboxSettings {
  const security = entry.security ?? 'tls'
  if (security === 'plain' && !isLoopback(entry.host) && !entry.allow_plain) {
    throw new Error(`security: plain would send the password to ${entry.host} unencrypted; use tls or starttls, or set allow_plain: true`)
  }
  const port = entry.port ?? (security === 'tls' ? 993 : 143)
  return {
    key: `file ${entry.name}`,
    allowPlain: entry.allow_plain ?? false,
    input: {
      name: entry.name,
      host: entry.host,
      port,
      security,
      user: entry.user,
      auth: toAuth(entry),
      folders: entry.folders ?? ['INBOX'],
      afterwards: toAfterwards(entry),
      acceptInvalidCertificate: entry.accept_invalid_certificate ?? false,
    },
  }
}

function toAuth(entry: FileMailbox): MailboxSettings['input']['auth'] {
  const { oauth2 } = entry
  if (!oauth2) {
    const password = secretOf(entry.password, entry.password_file)
    if (password === undefined) throw new Error('needs password, password_file or oauth2')
    return { kind: 'password', password }
  }
  const clientSecret = secretOf(oauth2.client_secret, oauth2.client_secret_file)
  const refreshToken = secretOf(oauth2.refresh_token, oauth2.refresh_token_file)
  return {
    kind: 'oauth2',
    tokenUrl: oauth2.token_url,
    clientId: oauth2.client_id,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(oauth2.scope === undefined ? {} : { scope: oauth2.scope }),
  }
}

function toAfterwards(entry: FileMailbox): MailboxSettings['input']['afterwards'] {
  if (entry.after === 'move') {
    if (!entry.move_to) throw new Error('after: move needs move_to')
    return { action: 'move', folder: entry.move_to }
  }
  if (entry.after === 'delete') {
    if (entry.delete_after_days === undefined) throw new Error('after: delete needs delete_after_days')
    return { action: 'delete', days: entry.delete_after_days }
  }
  return { action: entry.after ?? 'leave' }
}

/** A secret in the file itself, or in a file of its own. */
export function secretOf(value: string | undefined, path: string | undefined): string | undefined {
  return path === undefined ? value : readFileSync(path, 'utf8').replace(/\r?\n$/, '')
}
