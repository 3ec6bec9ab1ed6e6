import { Type } from 'typebox'

/** Ids of reports and mails: decimal text, below 2^53. */
export const idParams = Type.Object({ id: Type.String({ pattern: '^[0-9]{1,15}$' }) })

/** Ids of mailboxes and tokens. */
export const smallIdParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })

/** An answer without body. */
export const nothing = { 204: Type.Null({ description: 'Done' }) }

/** An answer that is a stream of bytes: described, and sent as it is. */
export function streamed(mediaType: string): { 200: unknown } {
  return { 200: { description: 'The bytes', content: { [mediaType]: { schema: { type: 'string' } } } } }
}
