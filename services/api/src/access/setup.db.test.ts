import type { Me, SetupState } from '@ruadar/contract'
import { sql } from '@ruadar/platform'
import { beforeEach, describe, expect, it } from 'vitest'
import { useService } from '../../testing/service.ts'
import { setupLink } from './setup.ts'

const service = useService({ settings: { publicUrl: 'https://ruadar.example.org' } })

const makeSecret = async () => (await setupLink(service().database.db, service().settings))?.split('#secret=')[1] ?? ''
const setUp = (secret: string, name = 'ana', password = 'correct horse battery') =>
  service().app.inject({ method: 'POST', url: '/api/v1/setup', payload: { secret, name, password } })

describe('setup', () => {
  beforeEach(async () => {
    await sql`delete from users`.execute(service().database.db)
  })

  it('prints a link that carries the secret where no server sees it', async () => {
    expect(await setupLink(service().database.db, service().settings)).toMatch(/^https:\/\/ruadar\.example\.org\/setup#secret=[\w-]{43}$/)
  })

  it('prints the address of this machine when it listens everywhere', async () => {
    const { db } = service().database
    expect(await setupLink(db, { publicUrl: null, host: '0.0.0.0', port: 7489 })).toMatch(/^http:\/\/127\.0\.0\.1:7489\/setup#/)
    expect(await setupLink(db, { publicUrl: null, host: '::1', port: 80 })).toMatch(/^http:\/\/\[::1\]:80\/setup#/)
  })

  it('makes the administrator and signs in', async () => {
    const { app } = service()
    expect((await app.inject('/api/v1/setup')).json<SetupState>()).toEqual({ needed: true })
    const answer = await setUp(await makeSecret())
    expect(answer.statusCode).toBe(201)
    const cookie = answer.cookies[0]
    expect(cookie).toMatchObject({ name: 'ruadar_session', httpOnly: true, sameSite: 'Lax', path: '/', secure: true, maxAge: 2_592_000 })
    const me = await app.inject({ url: '/api/v1/me', headers: { cookie: `ruadar_session=${cookie?.value}` } })
    expect(me.json<Me>()).toEqual({ name: 'ana', via: 'session', seesAddresses: false })
    expect((await app.inject('/api/v1/setup')).json<SetupState>()).toEqual({ needed: false })
    expect(await setupLink(service().database.db, service().settings)).toBeNull()
  })

  it('makes one administrator of four requests at the same time, with the same or with different secrets', async () => {
    const secret = await makeSecret()
    const others = await Promise.all(Array.from({ length: 2 }, makeSecret))
    const answers = await Promise.all([secret, secret, ...others].map((it, index) => setUp(it, `person${index}`)))
    expect(answers.map((answer) => answer.statusCode).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409])
    const { rows } = await sql<{ users: number }>`select count(*) as users from users`.execute(service().database.db)
    expect(rows).toEqual([{ users: 1 }])
  })

  it('takes a secret once', async () => {
    const secret = await makeSecret()
    expect((await setUp(secret)).statusCode).toBe(201)
    await sql`delete from users`.execute(service().database.db)
    expect((await setUp(secret)).json()).toMatchObject({ status: 403, code: 'setup_secret_wrong' })
  })

  it('refuses a guessed secret and says what to do', async () => {
    await makeSecret()
    expect((await setUp('x'.repeat(43))).json()).toMatchObject({ status: 403, code: 'setup_secret_wrong' })
  })

  it('refuses a short password and a name with spaces', async () => {
    const secret = await makeSecret()
    expect((await setUp(secret, 'ana', 'short')).json()).toMatchObject({ code: 'validation', errors: [{ path: '/body/password' }] })
    expect((await setUp(secret, 'ana b')).json()).toMatchObject({ code: 'validation', errors: [{ path: '/body/name' }] })
  })

  it('keeps neither the secret nor the password', async () => {
    const secret = await makeSecret()
    await setUp(secret)
    const { rows } = await sql<{ hash: string }>`select password_hash as hash from users`.execute(service().database.db)
    expect(rows[0]?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })
})
