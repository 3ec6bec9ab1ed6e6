import type { TokenCreated, TokenItem } from '@ruadar/contract'
import { sha256, sql } from '@ruadar/platform'
import { beforeAll, describe, expect, it } from 'vitest'
import { fromOurPage, signIn, useService } from '../../testing/service.ts'
import { createToken } from './tokens.ts'

const service = useService()

describe('API tokens', () => {
  let cookie: string
  beforeAll(async () => {
    cookie = await signIn(service())
  })
  const asPerson = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
    service().app.inject({ method, url: `/api/v1${url}`, headers: { cookie, ...fromOurPage }, ...(payload ? { payload } : {}) })
  const withToken = (authorization: string, url = '/me') => service().app.inject({ url: `/api/v1${url}`, headers: { authorization } })

  it('are shown once, work as bearer, and end when they are revoked', async () => {
    const created = await asPerson('POST', '/tokens', { name: 'nightly' })
    expect(created.statusCode).toBe(201)
    const { id, token } = created.json<TokenCreated>()
    expect(token).toMatch(/^ruadar_[\w-]{43}$/)
    expect((await withToken(`Bearer ${token}`)).json()).toEqual({ name: 'nightly', via: 'token', seesAddresses: false })
    expect((await withToken(`bearer ${token}`)).statusCode).toBe(200)
    const { items } = (await asPerson('GET', '/tokens')).json<{ items: TokenItem[] }>()
    const listed = items.find((item) => item.id === id)
    expect(listed).toMatchObject({ name: 'nightly', lastUsedAt: expect.any(String) })
    expect(JSON.stringify(items)).not.toContain(token)
    expect((await asPerson('DELETE', `/tokens/${id}`)).statusCode).toBe(204)
    expect((await withToken(`Bearer ${token}`)).statusCode).toBe(401)
    expect((await asPerson('DELETE', `/tokens/${id}`)).statusCode).toBe(404)
  })

  it('are stored as SHA-256 only', async () => {
    const { token } = await createToken(service().database.db, 'hashed')
    const { rows } = await sql`select 1 from api_tokens where hash = ${sha256(token)} and name = 'hashed'`.execute(service().database.db)
    expect(rows).toHaveLength(1)
  })

  it('need a name of their own', async () => {
    await asPerson('POST', '/tokens', { name: 'twice' })
    expect((await asPerson('POST', '/tokens', { name: 'twice' })).json()).toMatchObject({ status: 409, code: 'name_taken' })
    await expect(createToken(service().database.db, 'twice')).rejects.toThrow('There is an API token named twice already.')
  })

  it('cannot make, list or revoke tokens, nor touch the session or password', async () => {
    const { bearer, app } = service()
    const refused = await Promise.all([
      app.inject({ url: '/api/v1/tokens', headers: bearer }),
      app.inject({ method: 'POST', url: '/api/v1/tokens', headers: bearer, payload: { name: 'successor' } }),
      app.inject({ method: 'DELETE', url: '/api/v1/tokens/1', headers: bearer }),
      app.inject({ method: 'DELETE', url: '/api/v1/session', headers: bearer }),
      app.inject({ method: 'POST', url: '/api/v1/password', headers: bearer, payload: { current: 'a', next: 'long enough password' } }),
    ])
    expect(refused.map((answer) => [answer.statusCode, answer.json<{ code: string }>().code])).toEqual(
      Array.from({ length: 5 }, () => [403, 'person_needed']),
    )
  })

  it.each(['Bearer ', 'Bearer ruadar_wrong', 'Basic YTpi', 'ruadar_wrong', `Bearer ${'x'.repeat(5000)}`])(
    'refuses the credential %j even next to a good cookie',
    async (authorization) => {
      const answer = await service().app.inject({ url: '/api/v1/me', headers: { authorization, cookie } })
      expect(answer.statusCode).toBe(401)
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="ruadar"')
    },
  )
})
