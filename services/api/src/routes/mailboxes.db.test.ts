import type { Mailbox, MailboxTest } from '@ruadar/contract'
import { openSecrets, sql } from '@ruadar/platform'
import { describe, expect, it } from 'vitest'
import { secretKey, useService } from '../../testing/service.ts'

const service = useService()

const input = {
  name: 'Reports',
  host: 'imap.example.org',
  port: 993,
  security: 'tls',
  user: 'dmarc@example.org',
  auth: { kind: 'password', password: 'a secret word' },
  folders: ['INBOX', 'Older', 'INBOX'],
  afterwards: { action: 'leave' },
}
const oauth = {
  ...input,
  auth: { kind: 'oauth2', tokenUrl: 'https://login.example.net/token', clientId: 'ruadar', clientSecret: 'cs', refreshToken: 'rt' },
}

const call = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) =>
  service().app.inject({ method, url: `/api/v1${url}`, headers: service().bearer, ...(payload ? { payload } : {}) })

async function create(definition: object = input): Promise<Mailbox> {
  const answer = await call('POST', '/mailboxes', definition)
  expect(answer.statusCode).toBe(201)
  return answer.json<Mailbox>()
}

async function stored(id: number): Promise<{ definition: unknown; secrets: unknown; revision: number }> {
  const { rows } = await sql<{ definition: unknown; secrets: Buffer; revision: number }>`
    select definition, secrets, revision from mailboxes where id = ${id}`.execute(service().database.db)
  const [row] = rows
  if (!row) throw new Error('no such mailbox')
  return { ...row, secrets: openSecrets(row.secrets, secretKey) }
}

describe('mailboxes', () => {
  it('are listed with their progress, and never with their secrets', async () => {
    const { id } = await create()
    await create(oauth)
    await sql`
      insert into mailbox_folders (mailbox_id, folder, total, remaining, fetched, last_mail_at)
      values (${id}, 'INBOX', 100, 40, 60, '2026-03-30T01:02:03Z')`.execute(service().database.db)
    const answer = await call('GET', '/mailboxes')
    expect(answer.json<{ items: Mailbox[] }>().items[0]).toEqual({
      id,
      name: 'Reports',
      host: 'imap.example.org',
      port: 993,
      security: 'tls',
      user: 'dmarc@example.org',
      authKind: 'password',
      folders: [
        { folder: 'INBOX', total: 100, remaining: 40, fetched: 60, lastMailAt: '2026-03-30T01:02:03Z', syncedAt: null },
        { folder: 'Older', total: null, remaining: null, fetched: 0, lastMailAt: null, syncedAt: null },
      ],
      afterwards: { action: 'leave' },
      acceptInvalidCertificate: false,
      enabled: true,
      managedBy: 'page',
      status: 'new',
      statusMessage: null,
      statusAt: null,
    })
    expect(answer.body).not.toMatch(/a secret word|"cs"|"rt"/)
  })

  it('have their secrets sealed in the database, and nothing else there', async () => {
    const { id } = await create(oauth)
    const { definition, secrets } = await stored(id)
    expect(secrets).toEqual({ clientSecret: 'cs', refreshToken: 'rt' })
    expect(definition).toMatchObject({ auth: { kind: 'oauth2', tokenUrl: 'https://login.example.net/token', clientId: 'ruadar' } })
    expect(JSON.stringify(definition)).not.toMatch(/clientSecret|refreshToken/)
  })

  it('store nothing that the contract does not know', async () => {
    const { id } = await create({ ...input, extra: 'x', auth: { ...input.auth, more: 'y' } })
    expect(JSON.stringify((await stored(id)).definition)).not.toMatch(/extra|more/)
  })

  it('keep a secret that is left out, and raise the revision that ingest watches', async () => {
    const { id } = await create()
    const changed = await call('PUT', `/mailboxes/${id}`, { ...input, name: 'Renamed', auth: { kind: 'password' }, enabled: false })
    expect(changed.json()).toMatchObject({ name: 'Renamed', enabled: false, status: 'disabled' })
    expect(await stored(id)).toMatchObject({ secrets: { password: 'a secret word' }, revision: 2 })
    await call('PUT', `/mailboxes/${id}`, { ...input, auth: { kind: 'password', password: 'new' } })
    expect(await stored(id)).toMatchObject({ secrets: { password: 'new' }, revision: 3 })
  })

  it('do not send a stored secret to another server', async () => {
    const { id } = await create()
    const elsewhere = { ...input, host: 'imap.evil.example', auth: { kind: 'password' } }
    expect((await call('PUT', `/mailboxes/${id}`, elsewhere)).json()).toMatchObject({ status: 400, code: 'secret_needed' })
    expect((await call('POST', '/mailboxes/test', { ...elsewhere, id })).json()).toMatchObject({ status: 400, code: 'secret_needed' })
    const { id: other } = await create(oauth)
    const auth = { kind: 'oauth2', tokenUrl: 'https://evil.example/token', clientId: 'ruadar' }
    expect((await call('PUT', `/mailboxes/${other}`, { ...oauth, auth })).json()).toMatchObject({ code: 'secret_needed' })
    expect(await stored(id)).toMatchObject({ revision: 1 })
  })

  it('forget how far folders were fetched when the account is another', async () => {
    const { id } = await create()
    const { db } = service().database
    await sql`insert into mailbox_folders (mailbox_id, folder, stored_uid) values (${id}, 'INBOX', 70)`.execute(db)
    const folders = async () => (await sql`select 1 from mailbox_folders where mailbox_id = ${id}`.execute(db)).rows.length
    await call('PUT', `/mailboxes/${id}`, { ...input, name: 'Same account' })
    expect(await folders()).toBe(1)
    await call('PUT', `/mailboxes/${id}`, { ...input, user: 'other@example.org' })
    expect(await folders()).toBe(0)
  })

  it('go away, and what was fetched stays', async () => {
    const { id } = await create()
    const { db } = service().database
    await sql`insert into mails (hash, origin, mailbox_id, size, state) values ('k', 'imap', ${id}, 1, 'ignored')`.execute(db)
    expect((await call('DELETE', `/mailboxes/${id}`)).statusCode).toBe(204)
    expect((await call('DELETE', `/mailboxes/${id}`)).statusCode).toBe(404)
    const { rows } = await sql`select mailbox_id from mails where hash = 'k'`.execute(db)
    expect(rows).toEqual([{ mailbox_id: null }])
  })

  it('of the settings can be looked at but not changed', async () => {
    const { rows } = await sql<{ id: number }>`
      insert into mailboxes (settings_key, definition) values ('RUADAR_IMAP_URL', ${JSON.stringify({ ...input, auth: { kind: 'password' } })}::jsonb)
      returning id`.execute(service().database.db)
    const id = rows[0]?.id ?? 0
    const list = (await call('GET', '/mailboxes')).json<{ items: Mailbox[] }>().items
    expect(list.find((mailbox) => mailbox.id === id)).toMatchObject({ managedBy: 'settings' })
    for (const answer of [
      await call('PUT', `/mailboxes/${id}`, input),
      await call('DELETE', `/mailboxes/${id}`),
      await call('POST', '/mailboxes/test', { ...input, id }),
    ]) {
      expect(answer.json()).toMatchObject({ status: 409, code: 'managed_by_settings' })
    }
  })

  it.each([
    [{ security: 'plain' }, 'plain_not_allowed'],
    [{ afterwards: { action: 'move', folder: 'INBOX' } }, 'bad_mailbox'],
    [{ auth: { kind: 'password' } }, 'secret_needed'],
    [{ auth: { kind: 'oauth2', tokenUrl: 'http://login.example.net/token', clientId: 'x', refreshToken: 'y' } }, 'bad_mailbox'],
    [{ auth: { kind: 'oauth2', tokenUrl: 'https://login.example.net/token', clientId: 'x' } }, 'secret_needed'],
    [{ port: 0 }, 'validation'],
    [{ folders: [] }, 'validation'],
    [{ name: 'a\u0000b' }, 'bad_text'],
  ])('are refused with %j', async (wrong, code) => {
    expect((await call('POST', '/mailboxes', { ...input, ...wrong })).json()).toMatchObject({ status: 400, code })
  })

  it('can be tested before they are stored: the answer says what is wrong', async () => {
    const closed = { ...input, host: '127.0.0.1', port: 1, security: 'plain' }
    const answer = await call('POST', '/mailboxes/test', closed)
    expect(answer.statusCode).toBe(200)
    expect(answer.json<MailboxTest>()).toMatchObject({ ok: false, code: 'connection_refused', folders: [], mails: null })
  })
})
