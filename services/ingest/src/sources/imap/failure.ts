import type { MailboxDefinition } from '../source.ts'

export type MailboxCode =
  | 'host_not_found'
  | 'connection_refused'
  | 'timeout'
  | 'tls_failed'
  | 'starttls_missing'
  | 'login_failed'
  | 'folder_missing'
  | 'oauth_failed'
  | 'failed'

/** Why a mailbox cannot be used: `code` for programs, `message` one sentence for the operator that says what to do. */
export class MailboxError extends Error {
  override name = 'MailboxError'
  readonly code: MailboxCode
  constructor(code: MailboxCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** What imapflow and Node put on an error, as far as it is looked at here. */
interface ImapProblem {
  code?: string
  message?: string
  tlsFailed?: boolean
  authenticationFailed?: boolean
  mailboxMissing?: boolean
  responseText?: string
  serverResponseCode?: string
  responseStatus?: string
}

const certificateProblems: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'is signed by an authority that is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'is signed by an authority that is not known here, or its chain is incomplete',
  UNABLE_TO_GET_ISSUER_CERT: 'is signed by an authority that is not known here, or its chain is incomplete',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'is signed by an authority that is not known here, or its chain is incomplete',
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  CERT_REVOKED: 'was revoked',
}

const connectionLost = new Set([
  'NoConnection',
  'EConnectionClosed',
  'NoMailboxSelected', // closed with the connection, between two commands
  'ECONNRESET',
  'EPIPE',
  'ClosedAfterConnectText',
  'ClosedAfterConnectTLS',
])
const timeouts = new Set(['CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT', 'ETIMEOUT', 'ETIMEDOUT', 'LockTimeout'])

/** For whoever finds a connection ended; what ended it has been told elsewhere. */
export const connectionEnded = (): Error => Object.assign(new Error('The connection has ended'), { code: 'NoConnection' })

/** Why a command gave nothing. imapflow answers `false` to a refusal and to a connection that ended meanwhile alike. */
export function refusal({ usable }: { usable: boolean }, message: string): Error {
  return usable ? new MailboxError('failed', message) : connectionEnded()
}

/** True when the connection ended, whatever the reason: trying again is all that helps. */
export function isConnectionLost(error: unknown): boolean {
  const code = (error as ImapProblem).code ?? ''
  return connectionLost.has(code) || timeouts.has(code)
}

/** Turns whatever went wrong with a mailbox into its code and a sentence that says what to do. */
export function toMailboxError(error: unknown, definition: MailboxDefinition, folder?: string): MailboxError {
  if (error instanceof MailboxError) return error
  const problem = error as ImapProblem
  const { host, port, user } = definition
  const fail = (code: MailboxCode, message: string) => new MailboxError(code, message, { cause: error })

  if (problem.mailboxMissing) {
    return fail(
      'folder_missing',
      `The account has no folder ${folder ?? '?'}: choose one that exists, with the spelling that the server uses.`,
    )
  }
  if (problem.authenticationFailed) return fail('login_failed', describeRefusal(problem, definition))
  if (/does not support STARTTLS|STARTTLS is not possible/.test(problem.message ?? '')) {
    return fail(
      'starttls_missing',
      `${host} does not offer STARTTLS on port ${port}: use TLS on port 993, or have STARTTLS switched on; without it the password would travel in the clear.`,
    )
  }
  const certificate = describeCertificate(problem, definition)
  if (certificate) return fail('tls_failed', certificate)
  if (problem.tlsFailed || /^(ERR_SSL|ERR_TLS|EPROTO)/.test(problem.code ?? '') || problem.code === 'STARTTLS_INJECTION') {
    return fail('tls_failed', `${host} does not speak TLS on port ${port}: TLS is usually on port 993, STARTTLS on port 143.`)
  }
  switch (problem.code) {
    case 'ENOTFOUND':
      return fail('host_not_found', `There is no host ${host}: check how it is spelled.`)
    case 'EAI_AGAIN':
      return fail('host_not_found', `The name ${host} cannot be looked up now: check the DNS of this machine.`)
    case 'ECONNREFUSED':
      return fail('connection_refused', `${host} refuses connections on port ${port}: check the port (993 for TLS, 143 for STARTTLS).`)
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return fail('connection_refused', `${host} cannot be reached from here: check the network, and the firewall between.`)
    case 'GREETING_TIMEOUT':
      return fail(
        'timeout',
        `${host} takes the connection on port ${port} but says nothing: check that port and TLS go together (993 with TLS).`,
      )
  }
  if (problem.code === 'ETIMEOUT') return fail('timeout', `${host} says nothing more on the connection of ${user}; it is made again.`)
  if (timeouts.has(problem.code ?? '')) {
    return fail('timeout', `${host} does not answer on port ${port} in time: check the port and the firewall between.`)
  }
  if (connectionLost.has(problem.code ?? '')) return fail('failed', `${host} ended the connection of ${user}; it is made again.`)
  const said = problem.responseText ? `says: ${quote(problem.responseText)}` : `failed: ${quote(problem.message ?? String(error))}`
  return fail('failed', `${host} ${said}`)
}

function describeRefusal(problem: ImapProblem, { host, user, auth }: MailboxDefinition): string {
  const said = problem.responseText ? ` It says: ${quote(problem.responseText)}` : ''
  return auth.kind === 'oauth2'
    ? `${host} refuses the access token of ${user}: check that the user is the mailbox itself and that the scope allows IMAP.${said}`
    : `${host} refuses ${user}: check user and password; some providers want an app password or OAuth2.${said}`
}

function describeCertificate(problem: ImapProblem, { host }: MailboxDefinition): string | null {
  const code = problem.code ?? ''
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `The certificate of ${host} is for another name: use the name that the provider gives for IMAP.`
  }
  const what = certificateProblems[code]
  if (!what) return null
  return `The certificate of ${host} ${what}: have it put right, name its authority in NODE_EXTRA_CA_CERTS, or accept invalid certificates for this mailbox.`
}

/** Text of a server, cut to a line: it is shown on a page and written to the log. */
export function quote(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  return line.length > 200 ? `${line.slice(0, 199)}…` : line
}
