import { sha256, sql } from '@ruadar/platform'
import { beforeAll, describe, expect, it } from 'vitest'
import { fromOurPage, signIn, useService } from '../../testing/service.ts'

const service = useService()
const password = 'correct horse battery'

const me = (cookie: string) => service().app.inject({ url: '/api/v1/me', headers: { cookie } })
const login = (payload: object) => service().app.inject({ method: 'POST', url: '/api/v1/session', payload })
const hashOf = (cookie: string) => sha256(cookie.split('=')[1] ?? '')

describe('sessions', () => {
  beforeAll(async () => {
    await signIn(service(), password)
  })

  it('signs in whatever the case of the name, on plain HTTP without Secure', async () => {
    const answer = await login({ name: 'ANA', password })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({ name: 'ana', via: 'session', seesAddresses: false })
    expect(answer.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' })
    expect(answer.cookies[0]?.secure).toBeUndefined()
  })

  it('answers a wrong password and an unknown name alike', async () => {
    const wrong = await login({ name: 'ana', password: 'wrong' })
    const unknown = await login({ name: 'nobody', password: 'wrong' })
    expect(wrong.statusCode).toBe(401)
    expect(wrong.json()).toMatchObject({ code: 'wrong_login' })
    expect(unknown.json()).toEqual(wrong.json())
    expect(unknown.cookies).toEqual([])
  })

  it('keeps only the hash of the cookie', async () => {
    const cookie = await signIn(service())
    const { rows } = await sql<{ hash: Buffer }>`select hash from sessions where hash = ${hashOf(cookie)}`.execute(service().database.db)
    expect(rows).toHaveLength(1)
  })

  it('gives every sign-in a session of its own and ends one by signing out', async () => {
    const first = await signIn(service())
    const second = await signIn(service())
    expect(first).not.toBe(second)
    const out = await service().app.inject({ method: 'DELETE', url: '/api/v1/session', headers: { cookie: first, ...fromOurPage } })
    expect(out.statusCode).toBe(204)
    expect(out.cookies[0]).toMatchObject({ name: 'ruadar_session', value: '', path: '/' })
    expect((await me(first)).statusCode).toBe(401)
    expect((await me(second)).statusCode).toBe(200)
  })

  it('ends a session 30 days after its last use', async () => {
    const cookie = await signIn(service())
    await sql`update sessions set expires_at = now() - interval '1 second' where hash = ${hashOf(cookie)}`.execute(service().database.db)
    expect((await me(cookie)).statusCode).toBe(401)
  })

  it('moves the end with use, at most once an hour, and the cookie with it', async () => {
    const cookie = await signIn(service())
    const { db } = service().database
    const hash = hashOf(cookie)
    expect((await me(cookie)).cookies).toEqual([])
    await sql`update sessions set seen_at = now() - interval '2 hours', expires_at = now() + interval '1 day' where hash = ${hash}`.execute(
      db,
    )
    expect((await me(cookie)).cookies[0]).toMatchObject({ value: cookie.split('=')[1], maxAge: 2_592_000 })
    expect((await me(cookie)).cookies).toEqual([])
    const { rows } = await sql<{ days: number }>`
      select round(extract(epoch from expires_at - now()) / 86400)::int as days from sessions where hash = ${hash}`.execute(db)
    expect(rows[0]?.days).toBe(30)
  })

  it('changes the password, and signs out everywhere else', async () => {
    const [here, elsewhere] = [await signIn(service()), await signIn(service())]
    const change = (current: string, next: string) =>
      service().app.inject({
        method: 'POST',
        url: '/api/v1/password',
        headers: { cookie: here, ...fromOurPage },
        payload: { current, next },
      })
    expect((await change('wrong', 'another password')).json()).toMatchObject({ status: 403, code: 'wrong_password' })
    expect((await change(password, 'short')).statusCode).toBe(400)
    expect((await change(password, 'another password')).statusCode).toBe(204)
    expect((await me(here)).statusCode).toBe(200)
    expect((await me(elsewhere)).statusCode).toBe(401)
    expect((await login({ name: 'ana', password })).statusCode).toBe(401)
    expect((await login({ name: 'ana', password: 'another password' })).statusCode).toBe(200)
  })
})
