import type { Db } from '@ruadar/platform'
import { findSession } from './sessions.ts'
import { findToken } from './tokens.ts'

export type Caller =
  | { via: 'session'; name: string; seesAddresses: boolean; userId: number; sessionHash: Buffer; extended: boolean }
  | { via: 'token'; name: string; seesAddresses: boolean; tokenId: number }

/** How a caller is named in the record of openings: a token must not pass for the person of that name. */
export const recordedName = ({ via, name }: Caller): string => (via === 'token' ? `token ${name}` : name)

/**
 * Who may use a route. `anyone`: without signing in. `signed-in`: a person or a token, both see and do everything with reports,
 * mail and mailboxes. `person`: passwords and tokens themselves, so that a token that leaked cannot make itself a successor.
 */
export type Access = 'anyone' | 'signed-in' | 'person'

/** Who asks, by `Authorization: Bearer` or else by the session cookie; a wrong token is not made good by a cookie. */
export async function findCaller(db: Db, authorization: string | undefined, cookie: string | undefined): Promise<Caller | null> {
  if (authorization !== undefined) {
    const credential = /^Bearer +(\S{1,200})$/i.exec(authorization)?.[1]
    const token = credential === undefined ? null : await findToken(db, credential)
    return token && { via: 'token', name: token.name, seesAddresses: token.seesAddresses, tokenId: token.id }
  }
  if (cookie === undefined) return null
  const session = await findSession(db, cookie)
  if (!session) return null
  const { hash: sessionHash, ...rest } = session
  return { via: 'session', ...rest, sessionHash }
}
