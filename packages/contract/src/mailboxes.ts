import { Type, type Static } from 'typebox'
import { nullable } from './filter.ts'

export const MailboxSecurity = Type.Union([Type.Literal('tls'), Type.Literal('starttls'), Type.Literal('plain')], {
  description: 'tls: implicit TLS (993); starttls: must be offered; plain: loopback only, unless allowPlain',
})

/** What a person says of a mailbox. Secrets go in, never out. */
export const MailboxInput = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  host: Type.String({ minLength: 1, maxLength: 253 }),
  port: Type.Integer({ minimum: 1, maximum: 65535 }),
  security: MailboxSecurity,
  user: Type.String({ minLength: 1, maxLength: 320 }),
  auth: Type.Union([
    Type.Object({ kind: Type.Literal('password'), password: Type.Optional(Type.String({ maxLength: 1000 })) }),
    Type.Object({
      kind: Type.Literal('oauth2'),
      tokenUrl: Type.String({ maxLength: 500 }),
      clientId: Type.String({ maxLength: 300 }),
      clientSecret: Type.Optional(Type.String({ maxLength: 1000 })),
      refreshToken: Type.Optional(Type.String({ maxLength: 8000 })),
      scope: Type.Optional(Type.String({ maxLength: 500 })),
    }),
  ]),
  folders: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 20 }),
  afterwards: Type.Union([
    Type.Object({ action: Type.Literal('leave') }),
    Type.Object({ action: Type.Literal('seen') }),
    Type.Object({ action: Type.Literal('move'), folder: Type.String({ minLength: 1, maxLength: 200 }) }),
    Type.Object({ action: Type.Literal('delete'), days: Type.Integer({ minimum: 0, maximum: 3650 }) }),
  ]),
  acceptInvalidCertificate: Type.Optional(Type.Boolean({ default: false })),
  enabled: Type.Optional(Type.Boolean({ default: true })),
})
export type MailboxInput = Static<typeof MailboxInput>

/** What "test connection" sends: the form as it stands; `id` lends the stored secrets of that mailbox where the form has none. */
export const MailboxTestRequest = Type.Object({
  ...MailboxInput.properties,
  id: Type.Optional(Type.Integer({ minimum: 1, maximum: 2147483647 })),
})
export type MailboxTestRequest = Static<typeof MailboxTestRequest>

export const MailboxFolder = Type.Object({
  folder: Type.String(),
  total: nullable(Type.Integer({ description: 'Mails in the folder when it was last looked at' })),
  remaining: nullable(Type.Integer({ description: 'Mails still to be fetched' })),
  fetched: Type.Integer({ description: 'Mails fetched so far' }),
  lastMailAt: nullable(Type.String({ format: 'date-time' })),
  syncedAt: nullable(Type.String({ format: 'date-time', description: 'When the folder was last seen complete' })),
})

export const Mailbox = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  host: Type.String(),
  port: Type.Integer(),
  security: MailboxSecurity,
  user: Type.String(),
  authKind: Type.Union([Type.Literal('password'), Type.Literal('oauth2')]),
  folders: Type.Array(MailboxFolder),
  afterwards: MailboxInput.properties.afterwards,
  acceptInvalidCertificate: Type.Boolean(),
  enabled: Type.Boolean(),
  managedBy: Type.Union([Type.Literal('page'), Type.Literal('settings')], {
    description: 'settings: RUADAR_IMAP_URL or the configuration file; read only here',
  }),
  status: Type.Union([
    Type.Literal('new'),
    Type.Literal('connecting'),
    Type.Literal('backfilling'),
    Type.Literal('watching'),
    Type.Literal('failing'),
    Type.Literal('disabled'),
  ]),
  statusMessage: nullable(Type.String()),
  statusAt: nullable(Type.String({ format: 'date-time' })),
})
export type Mailbox = Static<typeof Mailbox>

/** Result of "test connection": what went wrong and what to do, or what was found. */
export const MailboxTest = Type.Object({
  ok: Type.Boolean(),
  code: nullable(
    Type.String({
      description:
        'host_not_found, connection_refused, timeout, tls_failed, starttls_missing, login_failed, folder_missing, oauth_failed, failed',
    }),
  ),
  message: Type.String(),
  folders: Type.Array(Type.String(), { description: 'Folders of the account, when signed in' }),
  mails: nullable(Type.Integer({ description: 'Mails in the chosen folders' })),
})
export type MailboxTest = Static<typeof MailboxTest>
