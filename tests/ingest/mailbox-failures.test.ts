import { execFile } from 'node:child_process'
import { createServer, type Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testMailbox } from '../../services/ingest/src/sources/imap/test-connection.ts'
import { freePort, startDovecot, type Dovecot } from '../harness/dovecot.ts'
import { mailboxAt, readFlags, smallMail } from '../harness/mailboxes.ts'

const user = 'reports@example.org'
const password = 'correct'
let server: Dovecot
let withoutTls: Dovecot
beforeAll(async () => {
  server = await startDovecot({ users: [{ name: user, password }] })
  withoutTls = await startDovecot({ users: [{ name: user, password }], tls: false })
  server.addMail(user, 'INBOX', smallMail(1))
  server.addMail(user, 'Archive', smallMail(2))
})
afterAll(async () => {
  await server.stop()
  await withoutTls.stop()
})

const input = (changes: Parameters<typeof mailboxAt>[3] = {}) => mailboxAt(server, user, password, changes).input

test('finds folders and mails of a mailbox that works, over TLS and STARTTLS, and changes nothing', async () => {
  for (const changes of [
    {},
    { security: 'starttls', port: server.ports.plain },
    { security: 'plain', port: server.ports.plain },
  ] as const) {
    const found = await testMailbox(input({ ...changes, folders: ['INBOX', 'Archive'] }))
    expect(found).toEqual({
      ok: true,
      code: null,
      message: 'Signed in as reports@example.org; INBOX, Archive: 2 mails.',
      folders: expect.arrayContaining(['INBOX', 'Archive']) as string[],
      mails: 2,
    })
  }
  expect(await readFlags(server, user, password)).toEqual({ 1: [] })
})

test('a wrong password', async () => {
  const found = await testMailbox(input({ auth: { kind: 'password', password: 'mistyped' } }))
  expect(found).toMatchObject({ ok: false, code: 'login_failed', mails: null })
  expect(found.message).toBe(
    '127.0.0.1 refuses reports@example.org: check user and password; some providers want an app password or OAuth2. It says: Authentication failed.',
  )
})

test('a password that was never given', async () => {
  expect(await testMailbox(input({ auth: { kind: 'password' } }))).toMatchObject({ ok: false, code: 'login_failed' })
})

test('a port on which nobody listens', async () => {
  const port = await freePort()
  expect(await testMailbox(input({ port }))).toMatchObject({
    ok: false,
    code: 'connection_refused',
    message: `127.0.0.1 refuses connections on port ${port}: check the port (993 for TLS, 143 for STARTTLS).`,
  })
})

test('a host that does not exist', async () => {
  // RFC 6761 6.4: names under .invalid never resolve.
  const found = await testMailbox(input({ host: 'imap.invalid' }))
  expect(found).toMatchObject({ ok: false, code: 'host_not_found' })
  expect(found.message).toContain('imap.invalid')
})

test('a certificate that nobody vouches for', async () => {
  for (const changes of [{}, { security: 'starttls', port: server.ports.plain }] as const) {
    const found = await testMailbox(input({ ...changes, acceptInvalidCertificate: false }))
    expect(found).toMatchObject({ ok: false, code: 'tls_failed' })
    expect(found.message).toMatch(/^The certificate of 127\.0\.0\.1 is signed by itself: .*NODE_EXTRA_CA_CERTS/)
  }
})

test('the same certificate once its authority is named to the process', async () => {
  const script = fileURLToPath(new URL('./mailbox-check.ts', import.meta.url))
  const mailbox = JSON.stringify(input({ acceptInvalidCertificate: false }))
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--conditions=source', script, mailbox], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: server.caFile },
  })
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, mails: 1 })
})

test('a server that does not offer STARTTLS gets no password', async () => {
  const found = await testMailbox({ ...input(), port: withoutTls.ports.plain, security: 'starttls' })
  expect(found).toMatchObject({ ok: false, code: 'starttls_missing' })
  expect(found.message).toContain('does not offer STARTTLS')
  expect(withoutTls.log()).not.toContain('Login:')
})

test('TLS on a port without it', async () => {
  const found = await testMailbox(input({ port: server.ports.plain }))
  expect(found).toMatchObject({ ok: false, code: 'tls_failed' })
  expect(found.message).toContain('does not speak TLS on port')
})

test('a host beyond loopback without TLS is not even connected to', async () => {
  const found = await testMailbox(input({ host: '192.0.2.1', security: 'plain' }))
  expect(found).toMatchObject({ ok: false, code: 'tls_failed' })
  expect(found.message).toContain('in the clear')
})

test('a folder that does not exist, with those that do', async () => {
  const found = await testMailbox(input({ folders: ['INBOX', 'Reprots'] }))
  expect(found).toMatchObject({ ok: false, code: 'folder_missing', folders: expect.arrayContaining(['INBOX', 'Archive']) as string[] })
  expect(found.message).toMatch(/^The account has no folder Reprots: choose one that exists, as .*Archive/)
})

test('a server that takes the connection and says nothing', async () => {
  const silent = await listen(createServer(() => undefined))
  const found = await testMailbox(input({ port: silent.port, security: 'plain' }), { seconds: 1 })
  expect(found).toMatchObject({ ok: false, code: 'timeout' })
  await silent.close()
})

test('a server that speaks another protocol', async () => {
  const web = await listen(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
  const found = await testMailbox(input({ port: web.port, security: 'plain' }))
  expect(found).toMatchObject({ ok: false, code: 'failed' })
  expect(found.message).not.toMatch(/\n|undefined/)
  await web.close()
})

async function listen(silent: Server): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<{ destroy(): void }>()
  silent.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  return {
    port: (silent.address() as { port: number }).port,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => silent.close(resolve))
    },
  }
}
