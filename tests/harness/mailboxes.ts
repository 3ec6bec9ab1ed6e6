import { createLog, openQueue, sql, type Database, type MailboxSettings, type MailQueue } from '@ruadar/platform'
import { ImapFlow } from 'imapflow'
import { createIntake, type Intake } from '../../services/ingest/src/intake.ts'
import { startMailboxes } from '../../services/ingest/src/sources/imap/supervisor.ts'
import type { Dovecot } from './dovecot.ts'

export interface Mailboxes {
  queue: MailQueue
  close(): Promise<void>
}

/** Watches mailboxes as an ingest process does, with the queue in PostgreSQL. `wrap` stands between them and intake. */
export async function watchMailboxes(
  database: Database,
  mailboxes: MailboxSettings[],
  options: { pollSeconds?: number; mailMaxBytes?: number; secretKey?: Buffer; wrap?: (intake: Intake) => Intake } = {},
): Promise<Mailboxes> {
  const queue = await openQueue({ redisUrl: null }, database)
  const intake = createIntake({ database, queue, log: createLog({ logLevel: 'silent' }, 'test') })
  const source = await startMailboxes({
    database,
    intake: options.wrap?.(intake) ?? intake,
    settings: {
      mailboxes,
      secretKey: options.secretKey ?? null,
      pollSeconds: options.pollSeconds ?? 3600,
      mailMaxBytes: options.mailMaxBytes ?? 1024 * 1024,
      leaseSeconds: 15,
      imapSilenceSeconds: 180,
    },
    log: createLog({ logLevel: process.env.RUADAR_LOG_LEVEL ?? 'silent' }, 'test'),
    everySeconds: 0.2,
  })
  const close = async () => {
    await source.close()
    await queue.close()
  }
  let closed: Promise<void> | undefined
  const own: Mailboxes = {
    queue,
    close: () => (closed ??= close().finally(() => watched.delete(own))),
  }
  watched.add(own)
  return own
}

const watched = new Set<Mailboxes>()

/** For afterEach: ends what a test that failed left running, which would take mailboxes of the next ones. */
export async function closeMailboxes(): Promise<void> {
  await Promise.all([...watched].map((mailboxes) => mailboxes.close()))
}

/** Settings of a mailbox at a test server; TLS with its self-made certificate unless told otherwise. */
export function mailboxAt(
  server: Dovecot,
  user: string,
  password: string,
  changes: Partial<MailboxSettings['input']> = {},
): MailboxSettings {
  return {
    key: `test ${user}`,
    allowPlain: false,
    input: {
      name: user,
      host: server.host,
      port: server.ports.tls,
      security: 'tls',
      user,
      auth: { kind: 'password', password },
      folders: ['INBOX'],
      afterwards: { action: 'leave' },
      acceptInvalidCertificate: true,
      ...changes,
    },
  }
}

/** A small mail; `number` makes it differ from the others. */
export function smallMail(number: number, text = 'Nothing to report.'): string {
  return `From: reporter@example.net\r\nTo: reports@example.org\r\nSubject: Mail ${number}\r\nMessage-ID: <${number}@example.net>\r\n\r\n${text}\r\n`
}

export interface FolderState {
  storedUid: number
  settledUid: number
  uidValidity: number
  total: number | null
  remaining: number | null
  fetched: number
  syncedAt: Date | null
  lastMailAt: Date | null
}

export async function readFolder(database: Database, user: string, folder = 'INBOX'): Promise<FolderState | undefined> {
  const { rows } = await sql<FolderState>`
    select stored_uid as "storedUid", settled_uid as "settledUid", uid_validity as "uidValidity", total, remaining, fetched,
      synced_at as "syncedAt", last_mail_at as "lastMailAt"
    from mailbox_folders join mailboxes on id = mailbox_id
    where definition->>'user' = ${user} and folder = ${folder} order by id desc`.execute(database.db)
  return rows[0]
}

export async function readStatus(database: Database, user: string): Promise<{ status: string; message: string | null } | undefined> {
  const { rows } = await sql<{ status: string; message: string | null }>`
    select status, status_message as message from mailboxes where definition->>'user' = ${user} order by id desc`.execute(database.db)
  return rows[0]
}

/** Number of mails in the database that came from a user's mailbox. */
export async function countMails(database: Database, user: string): Promise<number> {
  const { rows } = await sql<{ mails: number }>`
    select count(*)::int as mails from mails join mailboxes on mailboxes.id = mailbox_id
    where definition->>'user' = ${user}`.execute(database.db)
  return rows[0]?.mails ?? 0
}

/** Flags of every mail of a folder, by UID, as another client sees them. */
export async function readFlags(server: Dovecot, user: string, password: string, folder = 'INBOX'): Promise<Record<number, string[]>> {
  const client = await openClient(server, user, password)
  try {
    await client.mailboxOpen(folder, { readOnly: true })
    const mails = await client.fetchAll('1:*', { uid: true, flags: true }, { uid: true })
    return Object.fromEntries(mails.map(({ uid, flags }) => [uid, [...(flags ?? [])].filter((flag) => flag !== '\\Recent').sort()]))
  } finally {
    client.close()
  }
}

/** A connection of another client of the same account. */
export async function openClient(server: Dovecot, user: string, password: string): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: server.host,
    port: server.ports.tls,
    secure: true,
    tls: { rejectUnauthorized: false },
    auth: { user, pass: password },
    logger: false,
    disableAutoIdle: true,
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}
