import type { Settings } from '@ruadar/platform'
import type { FastifyReply } from 'fastify'
import { sessionDays } from '../access/sessions.ts'

export const cookieName = 'ruadar_session'

type CookieSettings = Pick<Settings, 'publicUrl'>

export function setSessionCookie(reply: FastifyReply, settings: CookieSettings, session: string): void {
  reply.setCookie(cookieName, session, { ...optionsFor(reply, settings), maxAge: sessionDays * 86_400 })
}

export function clearSessionCookie(reply: FastifyReply, settings: CookieSettings): void {
  reply.clearCookie(cookieName, optionsFor(reply, settings))
}

/** Secure wherever people come by https, be it told by the settings or by the proxy; on plain HTTP such a cookie would be lost. */
function optionsFor(reply: FastifyReply, settings: CookieSettings) {
  const secure = (settings.publicUrl?.startsWith('https:') ?? false) || reply.request.protocol === 'https'
  return { path: '/', httpOnly: true, sameSite: 'lax', secure } as const
}
