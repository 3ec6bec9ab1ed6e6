import { Type, type Static } from 'typebox'
import { AlertRuleName } from './alerts.ts'
import { nullable, pageOf } from './filter.ts'
import { MailboxSecurity } from './mailboxes.ts'

export const ChannelKind = Type.Union([
  Type.Literal('email'),
  Type.Literal('webhook'),
  Type.Literal('slack'),
  Type.Literal('teams'),
  Type.Literal('telegram'),
  Type.Literal('discord'),
  Type.Literal('ntfy'),
])
export type ChannelKind = Static<typeof ChannelKind>

/** Goes in, never out: left out, the stored one stays as long as it would go to the same server. */
const Secret = (description: string) =>
  Type.Optional(Type.String({ maxLength: 2000, description: `${description} Secret: left out or empty, the stored one stays.` }))
const Address = Type.String({ minLength: 3, maxLength: 320, pattern: '^[^\\s@<>,;:"]+@[^\\s@<>,;:"]+$' })

/** Where a channel leads to. Addresses of webhooks are secrets: who knows one can write there. */
export const ChannelTarget = Type.Union([
  Type.Object({
    kind: Type.Literal('email'),
    host: Type.String({ minLength: 1, maxLength: 253 }),
    port: Type.Integer({ minimum: 1, maximum: 65535 }),
    security: MailboxSecurity,
    user: Type.Optional(Type.String({ maxLength: 320, description: 'Empty: the server asks for no account' })),
    password: Secret('Password of the account.'),
    from: Type.Optional(Type.String({ maxLength: 320, description: 'Empty: the account; some servers refuse any other address' })),
    to: Type.Array(Address, { minItems: 1, maxItems: 20 }),
    acceptInvalidCertificate: Type.Optional(Type.Boolean({ default: false })),
  }),
  Type.Object({
    kind: Type.Literal('webhook'),
    url: Secret('Address that JSON is posted to.'),
    signingKey: Secret('Key of the HMAC in Ruadar-Signature, at least 16 characters.'),
  }),
  Type.Object({ kind: Type.Literal('slack'), url: Secret('Address of an incoming webhook.') }),
  Type.Object({ kind: Type.Literal('teams'), url: Secret('Address of a workflow "when a Teams webhook request is received".') }),
  Type.Object({
    kind: Type.Literal('telegram'),
    token: Secret("The bot's token."),
    chatId: Type.String({ pattern: '^(-?[0-9]{1,20}|@[A-Za-z0-9_]{3,64})$', description: 'Number of the chat, or @name of a channel' }),
    apiUrl: Type.Optional(Type.String({ maxLength: 500, default: 'https://api.telegram.org', description: 'Own Bot API server' })),
  }),
  Type.Object({ kind: Type.Literal('discord'), url: Secret('Address of a webhook.') }),
  Type.Object({
    kind: Type.Literal('ntfy'),
    url: Secret('Address of the topic, as https://ntfy.sh/topic.'),
    token: Secret('Access token of the server.'),
  }),
])
export type ChannelTarget = Static<typeof ChannelTarget>

const Rules = Type.Array(AlertRuleName, { maxItems: 20, uniqueItems: true, description: 'Alerts of these rules; null: of all' })
const Domains = Type.Array(Type.String({ minLength: 1, maxLength: 253 }), {
  maxItems: 1000,
  uniqueItems: true,
  description: 'Alerts and digests of these Policy Domains, and alerts of none; null: of all',
})
export const ChannelLanguage = Type.Union([Type.Literal('en'), Type.Literal('ru')])
export const DigestPeriod = Type.Union([Type.Literal('none'), Type.Literal('daily'), Type.Literal('weekly')], {
  description: 'E-mail channels only; weekly: on Mondays',
})

/** What a person says of a channel. */
export const ChannelInput = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  language: ChannelLanguage,
  enabled: Type.Optional(Type.Boolean({ default: true })),
  rules: nullable(Rules),
  domains: nullable(Domains),
  digest: DigestPeriod,
  digestHour: Type.Optional(Type.Integer({ minimum: 0, maximum: 23, default: 6, description: 'Hour of the day in UTC' })),
  target: ChannelTarget,
})
export type ChannelInput = Static<typeof ChannelInput>

export const Channel = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  kind: ChannelKind,
  language: ChannelLanguage,
  enabled: Type.Boolean(),
  rules: nullable(Rules),
  domains: nullable(Domains),
  digest: DigestPeriod,
  digestHour: Type.Integer(),
  target: Type.Object(
    {
      host: Type.Optional(Type.String()),
      port: Type.Optional(Type.Integer()),
      security: Type.Optional(MailboxSecurity),
      user: Type.Optional(Type.String()),
      from: Type.Optional(Type.String()),
      to: Type.Optional(Type.Array(Type.String())),
      acceptInvalidCertificate: Type.Optional(Type.Boolean()),
      chatId: Type.Optional(Type.String()),
      apiUrl: Type.Optional(Type.String()),
    },
    { description: 'What was entered, without secrets' },
  ),
  secrets: Type.Array(Type.String(), { description: 'Names of the secrets that are stored: password, url, signingKey, token' }),
  address: Type.String({ description: 'Where it leads to, without secrets: recipients, or the host of the address' }),
  status: Type.Union([Type.Literal('new'), Type.Literal('working'), Type.Literal('failing'), Type.Literal('disabled')], {
    description: 'new: nothing was sent yet; failing: several attempts in a row failed',
  }),
  lastSuccessAt: nullable(Type.String({ format: 'date-time' })),
  lastFailureAt: nullable(Type.String({ format: 'date-time' })),
  lastFailure: nullable(Type.String({ description: 'What the other side said' })),
  failingSince: nullable(Type.String({ format: 'date-time' })),
  waiting: Type.Integer({ description: 'Deliveries that wait for their next attempt' }),
})
export type Channel = Static<typeof Channel>

/** The outcome of "send a test", which is a delivery like others. */
export const ChannelTest = Type.Object({
  ok: Type.Boolean(),
  answer: Type.String({ description: 'What the other side said, or what went wrong' }),
  ms: Type.Integer(),
})
export type ChannelTest = Static<typeof ChannelTest>

export const DeliveryAttempt = Type.Object({
  at: Type.String({ format: 'date-time' }),
  ok: Type.Boolean(),
  answer: Type.String(),
  ms: Type.Integer(),
})
export const Delivery = Type.Object({
  id: Type.Integer(),
  what: Type.Union([Type.Literal('alert'), Type.Literal('history'), Type.Literal('digest'), Type.Literal('test')]),
  alertId: nullable(Type.Integer()),
  title: Type.String({ description: 'In the language of the channel' }),
  state: Type.Union([Type.Literal('waiting'), Type.Literal('delivered'), Type.Literal('given_up')]),
  createdAt: Type.String({ format: 'date-time' }),
  nextAttemptAt: nullable(Type.String({ format: 'date-time', description: 'Of one that waits' })),
  attempts: Type.Array(DeliveryAttempt, { description: 'Oldest first' }),
})
export type Delivery = Static<typeof Delivery>
export const DeliveryPage = pageOf(Delivery)
