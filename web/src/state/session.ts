import type { Me } from '@ruadar/contract'
import { signal } from '@preact/signals'
import { ApiError, ask } from '../api/client.ts'

export type Session = { state: 'unknown' } | { state: 'out' } | { state: 'unreachable'; error: ApiError } | { state: 'in'; me: Me }

/** Who is signed in here; `unknown` until the first answer. */
export const session = signal<Session>({ state: 'unknown' })

export async function loadSession(): Promise<void> {
  try {
    session.value = { state: 'in', me: await ask<Me>('/me') }
  } catch (error) {
    if (error instanceof ApiError && error.status !== 401) session.value = { state: 'unreachable', error }
    else session.value = { state: 'out' }
  }
}

/** Called when the server no longer knows the session; the app then leads to the sign-in page and back. */
export function signedOut(): void {
  if (session.value.state !== 'out') session.value = { state: 'out' }
}

export async function signOut(): Promise<void> {
  await ask('/session', { method: 'DELETE' })
  signedOut()
}

/** Only paths of this site are followed after signing in, so that a crafted link can't lead elsewhere. */
export function safeReturnPath(value: string | undefined): string {
  if (value === undefined || !value.startsWith('/') || value.startsWith('//') || value.includes('\\')) return '/'
  const target = new URL(value, 'http://same.invalid')
  if (target.origin !== 'http://same.invalid' || target.pathname === '/login' || target.pathname === '/setup') return '/'
  return target.pathname + target.search
}
