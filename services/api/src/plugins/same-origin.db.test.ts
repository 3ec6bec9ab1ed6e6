import { beforeAll, describe, expect, it } from 'vitest'
import { signIn, useService } from '../../testing/service.ts'

const service = useService({ settings: { publicUrl: 'https://ruadar.example.org' } })

describe('cross-site request forgery', () => {
  let cookie: string
  beforeAll(async () => {
    cookie = await signIn(service())
  })
  /** A request that a signed-in browser sends; 200 means that it was carried out. */
  const readAgain = (headers: Record<string, string>) =>
    service().app.inject({
      method: 'POST',
      url: '/api/v1/ingest/read-again',
      headers: { host: '192.168.0.7:7489', ...headers },
      payload: { state: 'ignored' },
    })

  it.each([
    [{ 'sec-fetch-site': 'same-origin' }, 200],
    [{ 'sec-fetch-site': 'none' }, 200],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://ruadar.example.org' }, 403],
    [{ origin: 'https://ruadar.example.org' }, 200],
    [{ origin: 'http://192.168.0.7:7489' }, 200],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'https://ruadar.example.org.evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{}, 403],
  ])('answers a cookie with %j by %i', async (headers, status) => {
    const answer = await readAgain({ ...headers, cookie })
    expect(answer.json()).toMatchObject(status === 200 ? { mails: 0 } : { status, code: 'cross_site' })
  })

  it('lets a bearer token through from anywhere, since no browser sends it by itself', async () => {
    expect((await readAgain({ ...service().bearer, 'sec-fetch-site': 'cross-site' })).statusCode).toBe(200)
  })

  it('keeps foreign pages from signing somebody in', async () => {
    const login = (headers: Record<string, string>) =>
      service().app.inject({ method: 'POST', url: '/api/v1/session', headers, payload: { name: 'ana', password: 'correct horse battery' } })
    expect((await login({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403)
    expect((await login({ origin: 'https://evil.example' })).statusCode).toBe(403)
    expect((await login({})).statusCode).toBe(200)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded'])(
    'does not read a body of the type %s, which any form can send',
    async (type) => {
      const answer = await service().app.inject({
        method: 'POST',
        url: '/api/v1/ingest/read-again',
        headers: { cookie, 'sec-fetch-site': 'same-origin', 'content-type': type },
        payload: '{"state":"ignored"}',
      })
      expect(answer.json()).toMatchObject({ status: 415, code: 'unsupported_media_type' })
    },
  )

  it('lets reading through from anywhere: other sites cannot see the answer', async () => {
    const answer = await service().app.inject({ url: '/api/v1/me', headers: { cookie, 'sec-fetch-site': 'cross-site' } })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })
})
