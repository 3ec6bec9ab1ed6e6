import { Type, type Static } from 'typebox'
import { nullable } from './filter.ts'

const Problem = nullable(Type.String({ description: 'Why it could not be asked; null: it could' }))

/** What is in the DNS at this moment. Texts are foreign: whoever runs the zone wrote them. */
export const PublishedDns = Type.Object({
  asked: Type.Boolean({ description: 'false: look-ups are off (RUADAR_DNS=off), and all else is empty' }),
  askedAt: nullable(Type.String({ format: 'date-time', description: 'Answers are kept for 60 seconds' })),
  dmarc: nullable(
    Type.Object({
      name: Type.String({ description: 'Where the record is, or where it would have to be' }),
      records: Type.Array(Type.String(), { description: 'More than one count as none' }),
      problem: Problem,
    }),
  ),
  reportHosts: Type.Array(
    Type.Object({
      host: Type.String({ description: 'Host of a rua address outside of the organisation' }),
      name: Type.String({ description: 'Where it has to say that it takes reports of this domain (RFC 9990 4)' }),
      accepts: nullable(Type.Boolean()),
    }),
  ),
  spf: nullable(
    Type.Object({
      records: Type.Array(Type.String(), { description: 'More than one are a permanent error' }),
      lookUps: Type.Integer({ description: 'Terms that cost a look-up, includes of includes counted; more than 10 are a permanent error' }),
      tooMany: Type.Boolean(),
      problems: Type.Array(
        Type.Object({
          code: Type.String({ description: 'several_records, no_record, faulty_term, not_answered, circle' }),
          domain: Type.String(),
          detail: Type.String(),
        }),
      ),
      include: nullable(Type.Object({ name: Type.String(), isThere: Type.Boolean() })),
      addresses: Type.Array(
        Type.Object({ address: Type.String(), permitted: nullable(Type.Boolean({ description: 'null: depends on what was not asked' })) }),
      ),
      problem: Problem,
    }),
  ),
  dkim: Type.Array(
    Type.Object({
      name: Type.String(),
      state: Type.Union([
        Type.Literal('found'),
        Type.Literal('revoked'),
        Type.Literal('faulty'),
        Type.Literal('missing'),
        Type.Literal('not_answered'),
      ]),
      keyType: nullable(Type.String()),
      bits: nullable(Type.Integer({ description: 'Of an RSA key' })),
    }),
    { description: 'Keys of the selectors that the sender signed with for this organisation, at most 10' },
  ),
  records: Type.Array(
    Type.Object({
      name: Type.String(),
      expected: Type.String({ description: 'A part in {braces} is made by the service' }),
      found: nullable(Type.String()),
      state: Type.Union([Type.Literal('as_expected'), Type.Literal('other'), Type.Literal('missing'), Type.Literal('not_answered')]),
    }),
    { description: 'CNAME records that the service of this sender asks for' },
  ),
})
export type PublishedDns = Static<typeof PublishedDns>

export const PublishedDnsQuery = Type.Object({
  domain: Type.String({ minLength: 1, maxLength: 253, description: 'Policy Domain that reports are about' }),
  sender: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'Sender whose keys, addresses and records are looked at' }),
  ),
})
