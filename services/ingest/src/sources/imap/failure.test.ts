import { expect, test } from 'vitest'
import type { MailboxDefinition } from '../source.ts'
import { isConnectionLost, MailboxError, quote, refusal, toMailboxError } from './failure.ts'

const definition: MailboxDefinition = {
  name: 'reports',
  host: 'imap.example.org',
  port: 993,
  security: 'tls',
  user: 'reports@example.org',
  auth: { kind: 'password', password: 'secret' },
  folders: ['INBOX'],
  afterwards: { action: 'leave' },
}
const problem = (properties: object) => Object.assign(new Error('Command failed'), properties)

test.each([
  [{ code: 'ENOTFOUND' }, 'host_not_found', 'There is no host imap.example.org'],
  [{ code: 'EAI_AGAIN' }, 'host_not_found', 'cannot be looked up now'],
  [{ code: 'ECONNREFUSED' }, 'connection_refused', 'refuses connections on port 993'],
  [{ code: 'ENETUNREACH' }, 'connection_refused', 'cannot be reached'],
  [{ code: 'CONNECT_TIMEOUT' }, 'timeout', 'does not answer on port 993'],
  [{ code: 'GREETING_TIMEOUT' }, 'timeout', 'says nothing'],
  [{ code: 'CERT_HAS_EXPIRED' }, 'tls_failed', 'has expired'],
  [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID', tlsFailed: true }, 'tls_failed', 'is for another name'],
  [{ code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, 'tls_failed', 'does not speak TLS'],
  [{ message: 'Server does not support STARTTLS', tlsFailed: true }, 'starttls_missing', 'does not offer STARTTLS'],
  [{ authenticationFailed: true, responseText: 'LOGIN disabled' }, 'login_failed', 'It says: LOGIN disabled'],
  [{ mailboxMissing: true }, 'folder_missing', 'no folder Reports'],
  [{ code: 'ETIMEOUT' }, 'timeout', 'says nothing more on the connection of reports@example.org'],
  [{ code: 'NoConnection' }, 'failed', 'ended the connection'],
  [{ responseText: 'quota exceeded' }, 'failed', 'says: quota exceeded'],
])('%j is %s', (properties, code, words) => {
  const failure = toMailboxError(problem(properties), definition, 'Reports')
  expect(failure.code).toBe(code)
  expect(failure.message).toContain(words)
})

test('keeps what is known already, and never the password', () => {
  const known = new MailboxError('oauth_failed', 'said before')
  expect(toMailboxError(known, definition)).toBe(known)
  expect(JSON.stringify(toMailboxError(problem({ authenticationFailed: true }), definition).message)).not.toContain('secret')
})

test('tells an ended connection from a refusal', () => {
  expect(isConnectionLost(problem({ code: 'ETIMEOUT' }))).toBe(true)
  expect(isConnectionLost(problem({ responseStatus: 'NO' }))).toBe(false)
  expect(refusal({ usable: true }, 'The server does not move mails.')).toMatchObject({
    code: 'failed',
    message: 'The server does not move mails.',
  })
  expect(isConnectionLost(refusal({ usable: false }, 'The server does not move mails.'))).toBe(true)
})

test('cuts what a server says to one line', () => {
  expect(quote('a\r\nb\0c')).toBe('a b c')
  expect(quote('x'.repeat(5000))).toHaveLength(200)
})
