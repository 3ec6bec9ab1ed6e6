import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type DnsServer, startDnsServer } from '../../../../tests/harness/dns-server.ts'
import { pace } from './paced-resolver.ts'
import { openResolver, type Resolver } from './resolver.ts'

const name = '25.2.0.192.in-addr.arpa'
let server: DnsServer
let resolver: Resolver

beforeAll(async () => {
  server = await startDnsServer()
  resolver = openResolver({ dns: [server.address] }) as Resolver
})
beforeEach(() => {
  server.asked = []
})
afterAll(() => server.close())

it('stays below the rate', async () => {
  const paced = pace(resolver, 50)
  const begin = performance.now()
  await Promise.all(Array.from({ length: 21 }, (_, index) => paced.ptr(`${index}.2.0.192.in-addr.arpa`)))
  // Twenty gaps of 20 ms: less can't be, whatever the machine does.
  expect(performance.now() - begin).toBeGreaterThanOrEqual(395)
  expect(server.asked.length).toBe(21)
})

it('asks at most forty questions at once', async () => {
  let underWay = 0
  let most = 0
  const counting: Resolver = {
    ...resolver,
    async ptr(asked) {
      most = Math.max(most, ++underWay)
      const answer = await resolver.ptr(asked)
      underWay -= 1
      return answer
    },
  }
  const paced = pace(counting, 10_000)
  await Promise.all(Array.from({ length: 200 }, () => paced.ptr(name)))
  expect(most).toBeLessThanOrEqual(40)
  expect(server.asked.length).toBe(200)
})

it('asks nothing more after the end', async () => {
  const stopping = new AbortController()
  const paced = pace(resolver, 0.01, stopping.signal)
  const answers = Promise.all([paced.ptr(name), paced.ptr(name), paced.ptr(name)])
  await expect.poll(() => server.asked.length).toBe(1)
  stopping.abort()
  expect((await answers).slice(1)).toEqual([
    { problem: expect.stringContaining('not asked') },
    { problem: expect.stringContaining('not asked') },
  ])
  expect(server.asked.length).toBe(1)
})
