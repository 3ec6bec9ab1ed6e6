import { isLoopback } from '@ruadar/platform'
import { ImapFlow } from 'imapflow'
import type { MailboxDefinition } from '../source.ts'
import { isConnectionLost, MailboxError, toMailboxError } from './failure.ts'
import type { AccessTokens } from './oauth.ts'

/** All that a connection needs to know of a mailbox. */
export interface Account {
  definition: MailboxDefinition
  /** Allows `security: plain` beyond loopback. */
  allowPlain: boolean
  /** Given for OAuth2. */
  tokens: AccessTokens | null
  /** No literal of the server may be longer than a mail of this size. */
  mailMaxBytes: number
  /** A command that gets no byte in this time is given up; an idling connection is probed with NOOP instead. */
  silenceSeconds: number
}

/** Milliseconds until a server has to greet; less where it may be silent for less. */
const connectionTimeout = 20_000
/** A SEARCH answer with a million UIDs takes 8 MB. */
const maxLineLength = 32 * 1024 * 1024

/** What ended connections: whoever waits for an answer is told only that there is none any more. */
const reasons = new WeakMap<ImapFlow, Error>()

/** Why the connection has ended, as far as it is known; else `error`, with which a command failed. */
export const reasonOfEnd = (client: ImapFlow, error: unknown): unknown => (isConnectionLost(error) ? (reasons.get(client) ?? error) : error)

/**
 * Opens a signed-in connection without a folder. Rejects with a MailboxError; ends early when `signal` aborts.
 * The caller closes it. Its later errors end it (`usable` is false, 'close' is emitted), they never reach the process.
 * An access token that is refused is replaced once, since it may have been revoked before its time.
 */
export async function connect(account: Account, signal?: AbortSignal): Promise<ImapFlow> {
  assertProtected(account)
  const { tokens } = account
  const known = tokens?.isKnown() ?? false
  const access = await credentials(account)
  try {
    return await signIn(account, access, signal)
  } catch (error) {
    const refused = error instanceof MailboxError && error.code === 'login_failed'
    if (!refused || !tokens || !('accessToken' in access)) throw error
    tokens.forget(access.accessToken)
    if (!known) throw error
    return await signIn(account, await credentials(account), signal)
  }
}

async function signIn(account: Account, access: Access, signal?: AbortSignal): Promise<ImapFlow> {
  const { definition } = account
  const { host, port, security, user } = definition
  const socketTimeout = account.silenceSeconds * 1000
  const greetWithin = Math.min(connectionTimeout, socketTimeout)
  const client = new ImapFlow({
    host,
    port,
    secure: security === 'tls',
    ...(security === 'tls' ? {} : { doSTARTTLS: security === 'starttls' }),
    auth: { user, ...access },
    tls: { rejectUnauthorized: !definition.acceptInvalidCertificate, minVersion: 'TLSv1.2' },
    clientInfo: { name: 'Ruadar' },
    logger: false,
    disableAutoIdle: true, // watch.ts decides when the connection may idle
    disableAutoEnable: true, // nothing here needs CONDSTORE, and each mail would bring its MODSEQ along
    idHashAlgorithm: 'sha256', // imapflow makes an id for each mail; MD5 does not exist on FIPS machines
    connectionTimeout: greetWithin,
    greetingTimeout: greetWithin,
    socketTimeout,
    maxLineLength,
    maxLiteralSize: account.mailMaxBytes + 64 * 1024,
    maxResponseSize: account.mailMaxBytes + maxLineLength + 64 * 1024,
  })
  client.on('error', (error: Error) => reasons.set(client, error)) // without a listener the process would end
  const abort = () => client.close()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    await client.connect()
    return client
  } catch (error) {
    client.close()
    throw toMailboxError(error, definition)
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

/** An operator may allow sign-in without TLS; otherwise it stays on this machine. */
function assertProtected({ definition: { host, security }, allowPlain }: Account): void {
  if (security !== 'plain' || isLoopback(host) || allowPlain) return
  throw new MailboxError('tls_failed', `Without TLS the password would travel to ${host} in the clear: choose TLS or STARTTLS.`)
}

type Access = { pass: string } | { accessToken: string }

async function credentials({ definition, tokens }: Account): Promise<Access> {
  const { auth } = definition
  if (auth.kind === 'oauth2') {
    if (!tokens) throw new MailboxError('oauth_failed', 'The OAuth2 secrets are not known here: enter them again.')
    return { accessToken: await tokens.get() }
  }
  if (!auth.password) throw new MailboxError('login_failed', `The password of ${definition.user} is not known here: enter it again.`)
  return { pass: auth.password }
}
