import { openSecrets, sealSecrets, sql } from '@ruadar/platform'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createAccessTokens } from '../../services/ingest/src/sources/imap/oauth.ts'
import { testMailbox } from '../../services/ingest/src/sources/imap/test-connection.ts'
import { startDovecot, type Dovecot } from '../harness/dovecot.ts'
import { closeMailboxes, countMails, mailboxAt, readStatus, smallMail, watchMailboxes } from '../harness/mailboxes.ts'
import { useDatabase } from '../harness/postgres.ts'
import { startTokenServer, type TokenServer } from '../harness/token-server.ts'

const user = 'reports@example.org'
const secrets = { clientId: 'ruadar', clientSecret: 'client secret', refreshToken: 'refresh-1' }
const database = useDatabase()
let provider: TokenServer
let server: Dovecot
let mails = 0
beforeAll(async () => {
  provider = await startTokenServer(user, secrets)
  server = await startDovecot({ users: [], oauth: provider.introspectionUrl })
})
afterAll(async () => {
  await server.stop()
  await provider.close()
})
afterEach(closeMailboxes)
beforeEach(() => {
  provider.requests.length = 0
  Object.assign(provider.issue, { expiresIn: 3600, refuse: false, rotate: false })
})

const deliver = () => server.addMail(user, 'INBOX', smallMail(++mails))
const oauth2 = (changes: object = {}) => ({
  kind: 'oauth2' as const,
  tokenUrl: provider.tokenUrl,
  scope: 'imap offline_access',
  ...secrets,
  ...changes,
})
const mailbox = () => mailboxAt(server, user, '', { auth: oauth2(), folders: ['INBOX'] })

test('signs in with an access token that it gets for the refresh token', async () => {
  deliver()
  expect(await testMailbox(mailbox().input)).toMatchObject({ ok: true, mails })
  expect(provider.requests).toEqual([
    {
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1',
      client_id: 'ruadar',
      client_secret: 'client secret',
      scope: 'imap offline_access',
    },
  ])
})

test('asks with its own name when it has no refresh token (client credentials)', async () => {
  const { refreshToken: _none, ...auth } = oauth2()
  expect(await testMailbox({ ...mailbox().input, auth })).toMatchObject({ ok: true })
  expect(provider.requests[0]).toMatchObject({ grant_type: 'client_credentials', client_id: 'ruadar' })
})

test('says what the token server says when it refuses', async () => {
  const found = await testMailbox({ ...mailbox().input, auth: oauth2({ refreshToken: 'stale' }) })
  expect(found).toMatchObject({ ok: false, code: 'oauth_failed' })
  expect(found.message).toContain('invalid_grant: AADSTS70008: expired')
  expect(found.message).not.toContain('client secret')
})

test('sends no secret to a token URL without TLS', async () => {
  const found = await testMailbox({ ...mailbox().input, auth: oauth2({ tokenUrl: 'http://login.example.net/token' }) })
  expect(found).toMatchObject({
    ok: false,
    code: 'oauth_failed',
    message: 'The token URL must start with https://: secrets would travel in the clear.',
  })
})

test('fetches another token once one has expired or was revoked, and shares it between connections', async () => {
  server.addMail(user, 'Second', smallMail(1001))
  const watched = await watchMailboxes(database(), [mailboxAt(server, user, '', { auth: oauth2(), folders: ['INBOX', 'Second'] })])
  await expect.poll(() => countMails(database(), user), { timeout: 30_000 }).toBe(mails + 1)
  await expect.poll(() => readStatus(database(), user), { timeout: 30_000 }).toMatchObject({ status: 'watching' })
  expect(provider.requests).toHaveLength(1)

  provider.revoke(provider.issued.at(-1) ?? '')
  await server.restart() // ends the connections, as a server does that sees a token expire
  deliver()
  await expect.poll(() => countMails(database(), user), { timeout: 90_000 }).toBe(mails + 1)
  await expect.poll(() => readStatus(database(), user), { timeout: 90_000 }).toMatchObject({ status: 'watching' })
  expect(provider.requests).toHaveLength(2)
  await watched.close()
})

test('asks once for all who wait, and again only when a token is about to expire', async () => {
  let clock = 0
  provider.issue.expiresIn = 600
  const tokens = createAccessTokens(oauth2(), { now: () => clock })
  const [first, second] = await Promise.all([tokens.get(), tokens.get()])
  expect(second).toBe(first)
  clock = 539_000
  expect(await tokens.get()).toBe(first)
  expect(provider.requests).toHaveLength(1)
  clock = 541_000
  expect(await tokens.get()).not.toBe(first)
  expect(provider.requests).toHaveLength(2)
})

test('keeps the new refresh token of a provider that rotates them', async () => {
  const secretKey = Buffer.alloc(32, 9)
  const { clientSecret, refreshToken, ...auth } = oauth2()
  const definition = JSON.stringify({ ...mailbox().input, name: 'rotating', auth })
  provider.issue.rotate = true
  const watched = await watchMailboxes(database(), [], { secretKey })
  const { rows } = await sql<{ id: number }>`
    insert into mailboxes (definition, secrets) values (${definition}::jsonb, ${sealSecrets({ clientSecret, refreshToken }, secretKey)})
    returning id`.execute(database().db)
  const id = rows[0]?.id ?? 0
  const kept = async () => {
    const found = await sql<{ secrets: Buffer; revision: number }>`select secrets, revision from mailboxes where id = ${id}`.execute(
      database().db,
    )
    return { ...(openSecrets(found.rows[0]?.secrets ?? Buffer.alloc(0), secretKey) as object), revision: found.rows[0]?.revision }
  }
  await expect
    .poll(kept, { timeout: 30_000 })
    .toEqual({ clientSecret, refreshToken: expect.stringMatching(/^refresh-[^1]/) as string, revision: 1 })
  await watched.close()
})
