import { isLoopback } from '@ruadar/platform'
import type { MailboxDefinition } from '../source.ts'
import { MailboxError, quote } from './failure.ts'

export type OauthAccess = Extract<MailboxDefinition['auth'], { kind: 'oauth2' }>

/** Access tokens of one account, fetched when needed and shared by its connections. */
export interface AccessTokens {
  /** A token that is valid for a while yet. Rejects with MailboxError `oauth_failed`. */
  get(): Promise<string>
  /** True when `get` would answer without asking the token server. */
  isKnown(): boolean
  /** Drops a token that the mail server refused, unless it was replaced meanwhile. */
  forget(token: string): void
}

interface TokenAnswer {
  access_token?: unknown
  expires_in?: unknown
  refresh_token?: unknown
  error?: unknown
  error_description?: unknown
}

/** Shorter than the time in which a process has to stop. */
const answerSeconds = 8
const answerBytes = 256 * 1024
/** RFC 6749 4.2.2: without expires_in the lifetime is unknown; five minutes is what the shortest-lived providers give. */
const assumedLifetime = 300

/**
 * Refresh-token grant (RFC 6749 section 6), or client-credentials grant (4.4) when there is no refresh token, as Microsoft 365
 * has it for unattended mailboxes. One request at a time. A token is renewed a minute before it ends, and short-lived ones
 * after nine tenths of their life. `onRefreshToken` gets the new refresh token of providers that rotate it.
 */
export function createAccessTokens(
  access: OauthAccess,
  options: { onRefreshToken?: (token: string) => Promise<void>; now?: () => number } = {},
): AccessTokens {
  const now = options.now ?? Date.now
  let { refreshToken } = access
  let known: { token: string; until: number } | null = null
  let pending: Promise<string> | null = null

  async function refresh(): Promise<string> {
    const answer = await request(access, refreshToken)
    const lifetime = Number(answer.expires_in) > 0 ? Number(answer.expires_in) : assumedLifetime
    if (typeof answer.refresh_token === 'string' && refreshToken && answer.refresh_token !== refreshToken) {
      refreshToken = answer.refresh_token
      await options.onRefreshToken?.(refreshToken)
    }
    known = { token: String(answer.access_token), until: now() + Math.max(lifetime - 60, lifetime * 0.9) * 1000 }
    return known.token
  }
  return {
    async get() {
      if (known && now() < known.until) return known.token
      pending ??= refresh().finally(() => {
        pending = null
      })
      return pending
    },
    isKnown: () => known !== null && now() < known.until,
    forget(token) {
      if (known?.token === token) known = null
    },
  }
}

async function request(access: OauthAccess, refreshToken: string | undefined): Promise<TokenAnswer> {
  const fail = (message: string, cause?: unknown) => new MailboxError('oauth_failed', message, { cause })
  const url = URL.canParse(access.tokenUrl) ? new URL(access.tokenUrl) : null
  if (!url || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))) {
    throw fail('The token URL must start with https://: secrets would travel in the clear.')
  }
  if (!refreshToken && !access.clientSecret) {
    throw fail('OAuth2 needs a refresh token, or a client secret for the client credentials flow: docs/mailboxes.md says how to get one.')
  }
  const form = new URLSearchParams(
    refreshToken ? { grant_type: 'refresh_token', refresh_token: refreshToken } : { grant_type: 'client_credentials' },
  )
  form.set('client_id', access.clientId)
  if (access.clientSecret) form.set('client_secret', access.clientSecret)
  if (access.scope) form.set('scope', access.scope)

  let status: number
  let answer: TokenAnswer
  try {
    const signal = AbortSignal.timeout(answerSeconds * 1000)
    const response = await fetch(url, { method: 'POST', body: form, redirect: 'error', signal, headers: { accept: 'application/json' } })
    status = response.status
    answer = parseAnswer(await readBounded(response))
  } catch (error) {
    throw fail(`The token server ${url.host} does not answer: check the token URL and the network.`, error)
  }
  if (typeof answer.access_token === 'string' && answer.access_token !== '') return answer
  const said = [answer.error, answer.error_description].filter((text) => typeof text === 'string').join(': ')
  throw fail(
    `The token server ${url.host} gives no access token (HTTP ${status}${said ? `, ${quote(said)}` : ''}): check client, secret, refresh token and scope.`,
  )
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > answerBytes) throw new Error(`The answer is longer than ${answerBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseAnswer(text: string): TokenAnswer {
  try {
    const answer: unknown = JSON.parse(text)
    return typeof answer === 'object' && answer !== null ? answer : {}
  } catch {
    return {} // a page in HTML: its HTTP status is what can be told
  }
}
