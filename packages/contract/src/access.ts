import { Type, type Static } from 'typebox'
import { nullable } from './filter.ts'

const SeesAddresses = Type.Boolean({ description: "Whether the recipients of other people's mail in failure reports are shown in full" })

export const Me = Type.Object({
  name: Type.String(),
  via: Type.Union([Type.Literal('session'), Type.Literal('token')]),
  seesAddresses: SeesAddresses,
})
export type Me = Static<typeof Me>

export const SetupState = Type.Object({ needed: Type.Boolean({ description: 'true until the administrator exists' }) })
export type SetupState = Static<typeof SetupState>

const Password = Type.String({ minLength: 10, maxLength: 200 })
export const SetupRequest = Type.Object({
  secret: Type.String({ minLength: 1, maxLength: 200, description: 'From the link printed on the console' }),
  name: Type.String({ minLength: 1, maxLength: 100, pattern: '^\\S+$' }),
  password: Password,
})
export type SetupRequest = Static<typeof SetupRequest>

export const LoginRequest = Type.Object({ name: Type.String({ maxLength: 100 }), password: Type.String({ maxLength: 200 }) })
export type LoginRequest = Static<typeof LoginRequest>

export const PasswordRequest = Type.Object({ current: Type.String({ maxLength: 200 }), next: Password })
export type PasswordRequest = Static<typeof PasswordRequest>

/** What a person can change of the own account. */
export const AccountRequest = Type.Object({ seesAddresses: SeesAddresses })
export type AccountRequest = Static<typeof AccountRequest>

export const TokenItem = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  seesAddresses: SeesAddresses,
  createdAt: Type.String({ format: 'date-time' }),
  lastUsedAt: nullable(Type.String({ format: 'date-time' })),
})
export type TokenItem = Static<typeof TokenItem>
export const TokenRequest = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  seesAddresses: Type.Optional({ ...SeesAddresses, default: false }),
})
export const TokenCreated = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  seesAddresses: SeesAddresses,
  token: Type.String({ description: 'Shown once' }),
})
export type TokenCreated = Static<typeof TokenCreated>

/** RFC 9457. `code` is stable; `title` and `detail` are for people and may change. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.Optional(Type.String()),
  errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
})
export type Problem = Static<typeof Problem>
