import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { Value } from 'typebox/value'
import type { ObjectStoreSettings } from '../object-store.ts'
import { OperatorError } from '../operator-error.ts'
import { definitions, type RawSettings } from './definitions.ts'
import { parseImapUrl, type MailboxSettings } from './imap-url.ts'
import { type NameServers, parseNameServers } from './name-servers.ts'
import { parseObjectStore } from './object-store.ts'
import { readConfigurationFile, secretOf } from './mailbox-file.ts'

export interface Settings {
  host: string
  port: number
  publicUrl: string | null
  trustProxy: boolean
  dataDir: string
  databaseUrl: string | null
  /** Leads to the same database past a pooler; null: `databaseUrl` does. */
  databaseDirectUrl: string | null
  readDatabaseUrl: string | null
  redisUrl: string | null
  secretKey: Buffer | null
  domains: string[]
  pollSeconds: number
  leaseSeconds: number
  imapSilenceSeconds: number
  mailMaxBytes: number
  uploadMaxBytes: number
  readers: number
  readSeconds: number
  readMemoryMb: number
  /** As written; the reader knows the names. */
  limits: string
  /** Object storage for the bytes of mails; null: the database. */
  rawMail: ObjectStoreSettings | null
  /** How long raw mail, records and sums are kept; 0: for ever. */
  rawMailDays: number
  recordMonths: number
  sumMonths: number
  sampleDays: number
  sampleBodies: boolean
  allowPrivateWebhooks: boolean
  dns: NameServers
  dnsPerSecond: number
  asnDns: boolean
  /** Paths of .mmdb files. */
  mmdb: string[]
  slowQueryMs: number
  metrics: 'token' | 'open'
  metricsPort: number
  logLevel: string
  mailboxes: MailboxSettings[]
  /** RUADAR_ variables of the environment that mean nothing here: a typing error, or a setting of another version. */
  unknown: string[]
}

/**
 * Defaults, then the YAML file, then the environment, then NAME_FILE secrets: the later wins.
 * Every problem is named at once in one OperatorError.
 */
export function loadSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const problems: string[] = []
  const raw: Record<string, unknown> = Value.Create(definitions)
  const configPath = env.RUADAR_CONFIG
  const file = configPath ? readConfigurationFile(configPath, problems) : { values: {}, mailboxes: [] }
  for (const name of Object.keys(file.values)) {
    if (!(name in definitions.properties)) problems.push(`RUADAR_CONFIG: ${name} is not a setting`)
  }
  for (const [name, definition] of Object.entries(definitions.properties)) {
    const value = env[name] ?? file.values[name]
    const path = 'secret' in definition ? env[`${name}_FILE`] || undefined : undefined
    try {
      const given = secretOf(value, path)
      if (given !== undefined && given !== '') raw[name] = given
    } catch (error) {
      problems.push(`${name}_FILE: ${(error as Error).message}`)
    }
  }
  const converted = Value.Convert(definitions, raw)
  for (const error of Value.Errors(definitions, converted)) {
    problems.push(`${error.instancePath.slice(1)} ${error.message}`)
  }
  const settings = toSettings(converted as RawSettings, file.mailboxes, problems)
  settings.unknown = Object.keys(env).filter(
    (name) => name.startsWith('RUADAR_') && !(name in definitions.properties) && !isSecretFile(name),
  )
  if (problems.length > 0) {
    throw new OperatorError(`Settings are wrong: ${problems.join('; ')}.`, 'docs/configuration.md lists them all.')
  }
  return settings
}

function isSecretFile(name: string): boolean {
  const definition: object | undefined = Object.entries(definitions.properties).find(([known]) => name === `${known}_FILE`)?.[1]
  return definition !== undefined && 'secret' in definition
}

function toSettings(raw: RawSettings, fileMailboxes: MailboxSettings[], problems: string[]): Settings {
  const mailboxes = [...fileMailboxes]
  if (raw.RUADAR_IMAP_URL) {
    try {
      mailboxes.unshift(parseImapUrl(raw.RUADAR_IMAP_URL))
    } catch (error) {
      problems.push(`RUADAR_IMAP_URL ${(error as Error).message}`)
    }
  }
  for (const [name, value, schemes] of [
    ['DATABASE_URL', raw.DATABASE_URL, ['postgres:', 'postgresql:']],
    ['RUADAR_DATABASE_DIRECT_URL', raw.RUADAR_DATABASE_DIRECT_URL, ['postgres:', 'postgresql:']],
    ['RUADAR_READ_DATABASE_URL', raw.RUADAR_READ_DATABASE_URL, ['postgres:', 'postgresql:']],
    ['REDIS_URL', raw.REDIS_URL, ['redis:', 'rediss:']],
    ['RUADAR_PUBLIC_URL', raw.RUADAR_PUBLIC_URL, ['http:', 'https:']],
  ] as const) {
    if (value && !(URL.canParse(value) && (schemes as readonly string[]).includes(new URL(value).protocol))) {
      problems.push(`${name} must be a URL that starts with ${schemes.map((s) => `${s}//`).join(' or ')}`)
    }
  }
  if (raw.RUADAR_SECRET_KEY && !/^[0-9a-f]{64}$/i.test(raw.RUADAR_SECRET_KEY)) {
    problems.push('RUADAR_SECRET_KEY must be 64 hexadecimal digits, as `openssl rand -hex 32` prints')
  }
  if (!['trace', 'debug', 'info', 'warn', 'error', 'silent'].includes(raw.RUADAR_LOG_LEVEL)) {
    problems.push('RUADAR_LOG_LEVEL must be trace, debug, info, warn, error or silent')
  }
  // Sums without records say what they summed up; records without sums and reports would say nothing.
  if (raw.RUADAR_SUM_MONTHS > 0 && (raw.RUADAR_RECORD_MONTHS === 0 || raw.RUADAR_RECORD_MONTHS > raw.RUADAR_SUM_MONTHS))
    problems.push('RUADAR_SUM_MONTHS must be 0, or at least RUADAR_RECORD_MONTHS, which must then be set as well')
  if (!['token', 'open'].includes(raw.RUADAR_METRICS)) problems.push('RUADAR_METRICS must be token or open')
  return {
    host: raw.RUADAR_HOST,
    port: raw.RUADAR_PORT,
    publicUrl: raw.RUADAR_PUBLIC_URL.replace(/\/+$/, '') || null,
    trustProxy: raw.RUADAR_TRUST_PROXY,
    dataDir: resolve(raw.RUADAR_DATA_DIR),
    databaseUrl: raw.DATABASE_URL || null,
    databaseDirectUrl: raw.RUADAR_DATABASE_DIRECT_URL || null,
    readDatabaseUrl: raw.RUADAR_READ_DATABASE_URL || null,
    redisUrl: raw.REDIS_URL || null,
    secretKey: raw.RUADAR_SECRET_KEY ? Buffer.from(raw.RUADAR_SECRET_KEY, 'hex') : null,
    domains: raw.RUADAR_DOMAINS.toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
    pollSeconds: raw.RUADAR_POLL_SECONDS,
    leaseSeconds: raw.RUADAR_LEASE_SECONDS,
    imapSilenceSeconds: raw.RUADAR_IMAP_SILENCE_SECONDS,
    mailMaxBytes: raw.RUADAR_MAIL_MAX_BYTES,
    uploadMaxBytes: raw.RUADAR_UPLOAD_MAX_BYTES,
    readers: raw.RUADAR_READERS || availableParallelism(),
    readSeconds: raw.RUADAR_READ_SECONDS,
    readMemoryMb: raw.RUADAR_READ_MEMORY_MB,
    limits: raw.RUADAR_LIMITS,
    rawMail: parseObjectStore(raw, problems),
    rawMailDays: raw.RUADAR_RAW_MAIL_DAYS,
    recordMonths: raw.RUADAR_RECORD_MONTHS,
    sumMonths: raw.RUADAR_SUM_MONTHS,
    sampleDays: raw.RUADAR_SAMPLE_DAYS,
    sampleBodies: raw.RUADAR_SAMPLE_BODIES,
    allowPrivateWebhooks: raw.RUADAR_ALLOW_PRIVATE_WEBHOOKS,
    dns: toNameServers(raw.RUADAR_DNS, problems),
    dnsPerSecond: raw.RUADAR_DNS_PER_SECOND,
    asnDns: raw.RUADAR_ASN_DNS,
    mmdb: raw.RUADAR_MMDB.split(',')
      .map((path) => path.trim())
      .filter(Boolean),
    slowQueryMs: raw.RUADAR_SLOW_QUERY_MS,
    metrics: raw.RUADAR_METRICS === 'open' ? 'open' : 'token',
    metricsPort: raw.RUADAR_METRICS_PORT,
    logLevel: raw.RUADAR_LOG_LEVEL,
    mailboxes,
    unknown: [],
  }
}

function toNameServers(text: string, problems: string[]): NameServers {
  try {
    return parseNameServers(text)
  } catch (error) {
    problems.push(`RUADAR_DNS ${(error as Error).message}`)
    return 'off'
  }
}
