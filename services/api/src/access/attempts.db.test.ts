import { beforeAll, describe, expect, it } from 'vitest'
import { signIn, useService } from '../../testing/service.ts'

const service = useService({ settings: { trustProxy: true } })

const login = (address: string, name: string, password: string) =>
  service().app.inject({ method: 'POST', url: '/api/v1/session', headers: { 'x-forwarded-for': address }, payload: { name, password } })

async function statuses(count: number, attempt: () => ReturnType<typeof login>): Promise<number[]> {
  const seen: number[] = []
  for (let index = 0; index < count; index++) seen.push((await attempt()).statusCode)
  return seen
}

describe('guessing passwords', () => {
  beforeAll(async () => {
    await signIn(service())
  })

  it('ends after ten wrong attempts from one address, for the right password too, and other addresses are let in', async () => {
    expect(await statuses(12, () => login('192.0.2.1', 'ana', 'wrong'))).toEqual([...Array<number>(10).fill(401), 429, 429])
    const refused = await login('192.0.2.1', 'ana', 'correct horse battery')
    expect(refused.json()).toMatchObject({ status: 429, code: 'too_many_attempts' })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect((await login('192.0.2.2', 'ana', 'correct horse battery')).statusCode).toBe(200)
  })

  it('is not moved along by addresses that the client makes up in front of the proxy', async () => {
    let made = 0
    const seen = await statuses(12, () => login(`198.51.100.${++made}, 192.0.2.6`, 'ana', 'wrong'))
    expect(seen.filter((status) => status === 429)).toHaveLength(2)
  })

  it('counts wrong attempts only', async () => {
    expect(await statuses(25, () => login('192.0.2.3', 'ana', 'correct horse battery'))).toEqual(Array<number>(25).fill(200))
  })

  it('counts an IPv6 network as one address', async () => {
    let host = 0
    const seen = await statuses(12, () => login(`2001:db8::${++host}`, 'ana', 'wrong'))
    expect(seen.filter((status) => status === 429)).toHaveLength(2)
  })

  it('lets no more guesses through when they come at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => login('192.0.2.4', 'ana', 'wrong')))
    const checked = answers.filter((answer) => answer.statusCode === 401)
    expect(checked.length).toBeLessThanOrEqual(14)
    expect(answers.every((answer) => answer.statusCode === 401 || answer.statusCode === 429)).toBe(true)
  })
})
