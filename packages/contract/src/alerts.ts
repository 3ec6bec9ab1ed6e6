import { Type, type Static } from 'typebox'
import { nullable, pageOf } from './filter.ts'

export const AlertRuleName = Type.Union([
  Type.Literal('new_sender'),
  Type.Literal('spoofing'),
  Type.Literal('alignment_drop'),
  Type.Literal('failing_rise'),
  Type.Literal('reports_stop'),
  Type.Literal('policy_changed'),
  Type.Literal('quarantine'),
  Type.Literal('mailbox_failing'),
  Type.Literal('tls_failures_rise'),
  Type.Literal('channel_failing'),
])
export type AlertRuleName = Static<typeof AlertRuleName>

export const AlertState = Type.Union(
  [
    Type.Literal('open'),
    Type.Literal('acknowledged'),
    Type.Literal('snoozed'),
    Type.Literal('closed'),
    Type.Literal('learnt'),
    Type.Literal('withdrawn'),
  ],
  {
    description:
      'learnt: found in old mail, told in one message with others; closed: over, or decided; withdrawn: later reports contradict it',
  },
)
export type AlertState = Static<typeof AlertState>

export const AlertItem = Type.Object({
  id: Type.Integer(),
  rule: AlertRuleName,
  domain: nullable(Type.String()),
  sender: nullable(Type.String({ description: 'Name' })),
  senderId: nullable(Type.Integer()),
  firedAt: Type.String({ format: 'date-time' }),
  day: Type.String({ description: 'UTC day of the reports that it is about' }),
  state: AlertState,
  snoozedUntil: nullable(Type.String({ format: 'date-time' })),
  text: Type.String({ description: 'English' }),
  facts: Type.Record(Type.String(), Type.Unknown()),
})
export type AlertItem = Static<typeof AlertItem>
export const AlertPage = pageOf(AlertItem)

export const AlertQuery = Type.Object({
  domain: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
  rule: Type.Optional(AlertRuleName),
  sender: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'Id of a sender' })),
  state: Type.Optional(
    Type.Union([...AlertState.anyOf, Type.Literal('active')], { description: 'active: open or acknowledged; default: all but withdrawn' }),
  ),
})
export type AlertQuery = Static<typeof AlertQuery>

export const AlertEvent = Type.Object({
  state: AlertState,
  note: nullable(Type.String()),
  by: nullable(Type.String({ description: 'null: Ruadar itself' })),
  at: Type.String({ format: 'date-time' }),
})
export const AlertDetail = Type.Object({ ...AlertItem.properties, events: Type.Array(AlertEvent) })
export type AlertDetail = Static<typeof AlertDetail>

export const AlertChange = Type.Object({
  state: Type.Union([Type.Literal('open'), Type.Literal('acknowledged'), Type.Literal('snoozed'), Type.Literal('closed')]),
  until: Type.Optional(Type.String({ format: 'date-time', description: 'End of a snooze; needed for `snoozed`' })),
  note: Type.Optional(Type.String({ maxLength: 500 })),
})
export type AlertChange = Static<typeof AlertChange>

/** A setting of a rule: a whole number or a share, within bounds. */
export const RuleSetting = Type.Object({
  name: Type.String(),
  value: Type.Number(),
  default: Type.Number(),
  minimum: Type.Number(),
  maximum: Type.Number(),
  unit: Type.Union([
    Type.Literal('days'),
    Type.Literal('messages'),
    Type.Literal('mails'),
    Type.Literal('sessions'),
    Type.Literal('share'),
    Type.Literal('times'),
    Type.Literal('minutes'),
  ]),
})
export const AlertRule = Type.Object({ rule: AlertRuleName, enabled: Type.Boolean(), settings: Type.Array(RuleSetting) })
export type AlertRule = Static<typeof AlertRule>
export const AlertRuleChange = Type.Object({
  enabled: Type.Boolean(),
  settings: Type.Record(Type.String(), Type.Number()),
})
export type AlertRuleChange = Static<typeof AlertRuleChange>

export const Mute = Type.Object({
  id: Type.Integer(),
  rule: nullable(AlertRuleName),
  domain: nullable(Type.String()),
  sender: nullable(Type.String()),
  senderId: nullable(Type.Integer()),
  until: nullable(Type.String({ format: 'date-time' })),
  by: Type.String(),
  at: Type.String({ format: 'date-time' }),
})
export type Mute = Static<typeof Mute>
export const MuteRequest = Type.Object({
  rule: Type.Optional(AlertRuleName),
  domain: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
  senderId: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  until: Type.Optional(Type.String({ format: 'date-time' })),
})
export type MuteRequest = Static<typeof MuteRequest>

/** What waits for a person: for the navigation. */
export const Attention = Type.Object({ unknownSenders: Type.Integer(), openAlerts: Type.Integer() })
export type Attention = Static<typeof Attention>
