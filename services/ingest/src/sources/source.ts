import type { Database, Log, MailboxSettings, Settings } from '@ruadar/platform'
import type { Intake } from '../intake.ts'

/** What a person says of a mailbox, secrets included. */
export type MailboxDefinition = MailboxSettings['input']
export type Afterwards = MailboxDefinition['afterwards']

/** What every source of mail is given. */
export interface SourceContext {
  database: Database
  intake: Intake
  settings: Pick<Settings, 'mailboxes' | 'secretKey' | 'pollSeconds' | 'mailMaxBytes' | 'leaseSeconds' | 'imapSilenceSeconds'>
  log: Log
}

/** A running source. `close` ends it after the transaction that is under way. */
export interface Source {
  close(): Promise<void>
}
