import { createServer } from 'node:net'
import { once } from 'node:events'
import { createLog, OperatorError } from '@ruadar/platform'
import { describe, expect, it } from 'vitest'
import { form } from '../testing/reader.ts'
import { useService } from '../testing/service.ts'
import { createToken, startApi } from './index.ts'

const service = useService()

function partsAt(port: number, dashboardHost = '127.0.0.1') {
  const { settings, database, queue } = service()
  return { settings: { ...settings, port, host: dashboardHost }, database, queue, log: createLog(settings, 'test') }
}

describe('startApi', () => {
  it('listens on a free port and says where', async () => {
    const api = await startApi(partsAt(0))
    expect(api.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200)
    await api.close()
    await expect(fetch(`${api.url}/healthz`)).rejects.toThrow('fetch failed')
  })

  it('says in a sentence that the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const failure = await startApi(partsAt(port)).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(OperatorError)
    expect(failure).toMatchObject({ message: `Port ${port} on 127.0.0.1 is in use.`, hint: expect.stringContaining('RUADAR_PORT') })
    other.close()
  })

  it('says in a sentence that the address is not one of this machine', async () => {
    await expect(startApi(partsAt(0, '192.0.2.1'))).rejects.toThrow('This machine has no address 192.0.2.1.')
  })

  it('answers an upload that waits for its readers when it is closed, instead of waiting on', async () => {
    const api = await startApi(partsAt(0))
    const { token } = await createToken(service().database.db, 'closing')
    const { payload, headers } = form({ filename: 'a.xml', content: '<feedback/>' })
    const answer = fetch(`${api.url}/api/v1/reports`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${token}` },
      body: new Uint8Array(payload),
    })
    await expect.poll(() => service().queue.depth()).toMatchObject({ waiting: 1 })
    await api.close()
    expect(await (await answer).json()).toMatchObject({ files: [{ state: 'stored' }] })
  })
})
