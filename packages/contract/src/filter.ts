import { Type, type Static } from 'typebox'

const Day = Type.String({ format: 'date', description: 'UTC day, YYYY-MM-DD' })
const Domain = Type.String({ minLength: 1, maxLength: 253 })

export const Disposition = Type.Union(
  [Type.Literal('none'), Type.Literal('quarantine'), Type.Literal('reject'), Type.Literal('pass'), Type.Literal('unknown')],
  { description: 'What the receiver did' },
)
export type Disposition = Static<typeof Disposition>

export const Verdict = Type.Union([Type.Literal('pass'), Type.Literal('fail'), Type.Literal('unknown')], {
  description: 'Aligned result as the reporter evaluated it',
})
export type Verdict = Static<typeof Verdict>

/** The one filter that every question understands. It is the query string of the API and of the pages. */
export const Filter = Type.Object({
  domain: Type.Optional({ ...Domain, description: 'Policy Domain; without it all domains that the caller may see' }),
  from: Type.Optional({ ...Day, description: 'First UTC day; default: 30 days before `to`' }),
  to: Type.Optional({ ...Day, description: 'UTC day after the last one (exclusive); default: tomorrow' }),
  reporter: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'Reporter, as listed by /reporters' })),
  source: Type.Optional(Type.String({ minLength: 1, maxLength: 45, description: 'Source IP address' })),
  sender: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'Id of a sender, as listed by /senders' })),
  headerFrom: Type.Optional({ ...Domain, description: 'Author Domain (header_from)' }),
  disposition: Type.Optional(Disposition),
  dmarc: Type.Optional(Type.Union([Type.Literal('pass'), Type.Literal('fail')])),
  dkim: Type.Optional(Verdict),
  spf: Type.Optional(Verdict),
})
export type Filter = Static<typeof Filter>

/** Keyset paging: `next` of one answer is `after` of the next question. */
export const Page = Type.Object({
  after: Type.Optional(Type.String({ maxLength: 500, description: 'Value of `next` in the previous answer' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
})
export type Page = Static<typeof Page>

export const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])
export const pageOf = <T extends Parameters<typeof Type.Array>[0]>(item: T) =>
  Type.Object({ items: Type.Array(item), next: Type.Union([Type.String(), Type.Null()], { description: 'null on the last page' }) })
