import { Type, type Static, type TObject } from 'typebox'

const Integer = (options: { default: number; minimum?: number; maximum?: number; description: string }) => Type.Integer(options)
const Text = (options: { default?: string; description: string; secret?: true }) => Type.String(options)

/**
 * Every setting: its environment variable, default and meaning. docs/configuration.md is generated from this table
 * (`node scripts/configuration-reference.mjs`). A variable with `secret` can also be given as NAME_FILE, a path to its value.
 */
export const definitions = Type.Object({
  RUADAR_HOST: Text({
    default: '127.0.0.1',
    description: 'Address that the page and the API listen on. 0.0.0.0 opens them to the network.',
  }),
  RUADAR_PORT: Integer({ default: 7489, minimum: 0, maximum: 65535, description: 'Port of the page and the API. 0 takes a free one.' }),
  RUADAR_PUBLIC_URL: Text({
    default: '',
    description: 'Address under which people open the page, as https://ruadar.example.org. Makes cookies Secure when it is https.',
  }),
  RUADAR_TRUST_PROXY: Type.Boolean({
    default: false,
    description: 'Whether a reverse proxy in front sets X-Forwarded-For and X-Forwarded-Proto. Only with such a proxy.',
  }),
  RUADAR_DATA_DIR: Text({
    default: 'data',
    description: 'Folder of the embedded database and of the secret key, when no DATABASE_URL is set.',
  }),
  RUADAR_CONFIG: Text({ default: '', description: 'YAML file with further mailboxes and any of these settings; see mailboxes.md.' }),
  DATABASE_URL: Text({
    default: '',
    secret: true,
    description: 'PostgreSQL 14 or newer, as postgres://user:password@host:5432/ruadar. Empty: the embedded database.',
  }),
  RUADAR_DATABASE_DIRECT_URL: Text({
    default: '',
    secret: true,
    description:
      'The same database without the pooler (PgBouncer) that DATABASE_URL leads through: for what needs a session, as who watches a mailbox, migrations, and the queue in PostgreSQL. Empty: DATABASE_URL. See scaling.md.',
  }),
  RUADAR_READ_DATABASE_URL: Text({
    default: '',
    secret: true,
    description:
      'A streaming replica of the database that answers what pages ask for numbers; the primary does while it is away. Empty: the primary always does. See scaling.md.',
  }),
  REDIS_URL: Text({
    default: '',
    secret: true,
    description: 'Redis (or Valkey) for the queue, as redis://host:6379. Empty: the queue lives in PostgreSQL.',
  }),
  RUADAR_SECRET_KEY: Text({
    default: '',
    secret: true,
    description:
      'Key that encrypts passwords and addresses of mailboxes and alert channels entered on the page: 64 hexadecimal digits, the same for all processes (openssl rand -hex 32). The embedded mode makes one in its data folder.',
  }),
  RUADAR_IMAP_URL: Text({
    default: '',
    secret: true,
    description:
      'Mailbox with the reports: imaps://user:password@host:993/INBOX, imap+starttls://…, or imap://… on loopback. Several folders: /INBOX,Reports.',
  }),
  RUADAR_DOMAINS: Text({
    default: '',
    description: 'Domains whose reports are accepted, separated by commas; others are quarantined. Empty: every domain.',
  }),
  RUADAR_POLL_SECONDS: Integer({
    default: 60,
    minimum: 1,
    maximum: 86_400,
    description: 'How often a mailbox is looked at even when the server announces nothing (IDLE).',
  }),
  RUADAR_LEASE_SECONDS: Integer({
    default: 15,
    minimum: 2,
    maximum: 3600,
    description: 'An ingest process that gives no sign of life for so long loses its mailboxes to the others. See scaling.md.',
  }),
  RUADAR_IMAP_SILENCE_SECONDS: Integer({
    default: 180,
    minimum: 1,
    maximum: 3600,
    description: 'A mail server that answers nothing for so long is taken for gone, and the connection made anew. See mailboxes.md.',
  }),
  RUADAR_MAIL_MAX_BYTES: Integer({
    default: 25 * 1024 * 1024,
    minimum: 1024,
    maximum: 512 * 1024 * 1024,
    description: 'Largest mail that is taken from a mailbox. A larger one is left there and shown in quarantine.',
  }),
  RUADAR_UPLOAD_MAX_BYTES: Integer({
    default: 100 * 1024 * 1024,
    minimum: 1024,
    maximum: 512 * 1024 * 1024,
    description: 'Largest file that can be dropped on the page or imported.',
  }),
  RUADAR_READERS: Integer({
    default: 0,
    minimum: 0,
    maximum: 256,
    description: 'Worker threads that read mails. 0: one for each processor core.',
  }),
  RUADAR_READ_SECONDS: Integer({
    default: 120,
    minimum: 1,
    maximum: 3600,
    description: 'Longest time that reading one mail may take; after that it is quarantined.',
  }),
  RUADAR_READ_MEMORY_MB: Integer({
    default: 256,
    minimum: 64,
    maximum: 8192,
    description: 'Memory ceiling of one worker thread; a mail that breaks it twice is quarantined.',
  }),
  RUADAR_LIMITS: Text({
    default: '',
    description: 'Limits of the reader that shall be others than in limits.md, as records=5000000, mailParts=400.',
  }),
  RUADAR_RAW_MAIL: Text({
    default: 'database',
    description:
      'Where the bytes of mails are kept: database, or s3://bucket/prefix in object storage that speaks the S3 API, the same for all processes. Mails that lie in the other place stay there and are found. See scaling.md.',
  }),
  RUADAR_S3_ENDPOINT: Text({
    default: '',
    description: 'Address of the object storage, as https://s3.example.org. Empty: that of AWS in RUADAR_S3_REGION.',
  }),
  RUADAR_S3_REGION: Text({ default: 'us-east-1', description: 'Region of the bucket; servers of your own seldom ask for another.' }),
  RUADAR_S3_ACCESS_KEY: Text({
    default: '',
    secret: true,
    description: 'Access key of the object storage: may read, write and delete objects.',
  }),
  RUADAR_S3_SECRET_KEY: Text({ default: '', secret: true, description: 'Its secret.' }),
  RUADAR_RAW_MAIL_DAYS: Integer({
    default: 0,
    minimum: 0,
    maximum: 36_500,
    description:
      'Days after which the bytes of mails are deleted; what was read from them stays, but cannot be read again. 0: they are kept for ever. See retention.md.',
  }),
  RUADAR_RECORD_MONTHS: Integer({
    default: 0,
    minimum: 0,
    maximum: 1200,
    description:
      'Whole months, besides the current one, that the rows of aggregate reports are kept; reports, their totals and all sums stay. 0: for ever. See retention.md.',
  }),
  RUADAR_SUM_MONTHS: Integer({
    default: 0,
    minimum: 0,
    maximum: 1200,
    description:
      'Whole months, besides the current one, that daily sums and the reports themselves are kept; not less than RUADAR_RECORD_MONTHS, which has to be set, too. 0: for ever. See retention.md.',
  }),
  RUADAR_SAMPLE_DAYS: Integer({
    default: 30,
    minimum: 0,
    maximum: 3650,
    description:
      'Days after which failure reports and the mails that brought them are deleted for good: they show mail of other people. 0: within the hour. See privacy.md.',
  }),
  RUADAR_SAMPLE_BODIES: Type.Boolean({
    default: false,
    description: 'Whether the start of the body of the message that a failure report shows is stored. See privacy.md.',
  }),
  RUADAR_ALLOW_PRIVATE_WEBHOOKS: Type.Boolean({
    default: false,
    description:
      'Whether alert channels may post to private addresses and without TLS: for a webhook or an ntfy server inside your network. Mail servers may always be internal. See alerts.md.',
  }),
  RUADAR_DNS: Text({
    default: 'system',
    description:
      "Where names of sources and published records are looked up: system (the machine's resolvers), off, or addresses as 192.0.2.53,[2001:db8::53]:5353. See lookups.md.",
  }),
  RUADAR_DNS_PER_SECOND: Integer({
    default: 50,
    minimum: 1,
    maximum: 10_000,
    description: 'Most questions that one process puts to name servers in a second, on average.',
  }),
  RUADAR_ASN_DNS: Type.Boolean({
    default: false,
    description:
      'Whether network and country of a source are asked of origin.asn.cymru.com, which then sees the addresses. See lookups.md.',
  }),
  RUADAR_MMDB: Text({
    default: '',
    description: 'Files of address data (.mmdb) for country, network and its number, separated by commas; the first that knows wins.',
  }),
  RUADAR_SLOW_QUERY_MS: Integer({
    default: 1000,
    minimum: 0,
    maximum: 3_600_000,
    description: 'Statements to the database that take longer, in ms, are named in the log, without their values. 0: none.',
  }),
  RUADAR_METRICS: Text({
    default: 'token',
    description:
      'Who may read /metrics: token (an API token, or a person who signed in) or open (anyone who reaches it). See operation.md.',
  }),
  RUADAR_METRICS_PORT: Integer({
    default: 0,
    minimum: 0,
    maximum: 65535,
    description:
      'Port on RUADAR_HOST where an ingest worker that runs alone answers /metrics, /healthz and /readyz. 0: nowhere. With `ruadar start` RUADAR_PORT does.',
  }),
  RUADAR_LOG_LEVEL: Text({ default: 'info', description: 'trace, debug, info, warn, error or silent.' }),
}) satisfies TObject

export type RawSettings = Static<typeof definitions>
