import type { Problem } from '@ruadar/contract'
import { describe, expect, it } from 'vitest'
import { useService } from '../../testing/service.ts'

const service = useService()

async function problemAt(
  url: string,
  options: { method?: 'GET' | 'POST' | 'PUT'; payload?: string; type?: string } = {},
): Promise<Problem> {
  const answer = await service().app.inject({
    method: options.method ?? 'GET',
    url: `/api/v1${url}`,
    headers: { ...service().bearer, ...(options.payload ? { 'content-type': options.type ?? 'application/json' } : {}) },
    ...(options.payload ? { payload: options.payload } : {}),
  })
  expect(answer.headers['content-type']).toBe('application/problem+json')
  const problem = answer.json<Problem>()
  expect(problem.status).toBe(answer.statusCode)
  return problem
}

describe('problems', () => {
  it('name every wrong field with its path', async () => {
    expect(await problemAt('/summary?dmarc=maybe&from=yesterday&domian=example.com')).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      code: 'validation',
      detail: expect.stringContaining('/query/dmarc must be one of pass, fail'),
      errors: expect.arrayContaining([
        { path: '/query', message: 'does not know domian' },
        { path: '/query/dmarc', message: 'must be one of pass, fail' },
        { path: '/query/from', message: expect.any(String) },
      ]),
    })
  })

  it.each([
    ['/summary?from=2026-02-30', 'validation'],
    ['/summary?from=2026-03-02&to=2026-03-01', 'bad_period'],
    ['/summary?from=2026-03-01&to=2026-03-01', 'bad_period'],
    ['/summary?from=0001-01-01', 'bad_period'],
    ['/timeline?from=2023-01-01&to=2026-03-12', 'bad_period'],
    ['/summary?source=not-an-address', 'bad_source'],
    ['/summary?source=fe80::1%25eth0', 'bad_source'],
    ['/sources/192.0.2.999', 'bad_source'],
    ['/summary?domain=a%00b', 'bad_text'],
    ['/summary?domain=a&domain=b', 'validation'],
    ['/sources?limit=0', 'validation'],
    ['/sources?limit=501', 'validation'],
    ['/sources?limit=ten', 'validation'],
    ['/sources?after=!', 'bad_cursor'],
    ['/reports/x', 'validation'],
  ])('answer %s with the code %s', async (url, code) => {
    expect(await problemAt(url)).toMatchObject({ status: 400, code })
  })

  it('answer unknown things with 404', async () => {
    expect(await problemAt('/reports/999999')).toMatchObject({ status: 404, code: 'not_found', detail: 'There is no such report.' })
    expect(await problemAt('/nothing/here')).toMatchObject({ status: 404, code: 'not_found' })
    expect(await problemAt('/summary', { method: 'POST' })).toMatchObject({ status: 404, code: 'not_found' })
  })

  it('answer broken and oversize JSON', async () => {
    const send = (payload: string) => problemAt('/ingest/read-again', { method: 'POST', payload })
    expect(await send('{"state":')).toMatchObject({ status: 400, code: 'bad_json' })
    expect(await send(JSON.stringify({ code: 'x'.repeat(70_000) }))).toMatchObject({ status: 413, code: 'body_too_large' })
    expect(await send('{"__proto__":{"state":"ignored"}}')).toMatchObject({ status: 400 })
    expect(await send('{"code":"a\\u0000b"}')).toMatchObject({ status: 400, code: 'bad_text' })
  })

  it('do not coerce what stands in a body', async () => {
    const payload = JSON.stringify({ ids: [1] })
    expect(await problemAt('/ingest/read-again', { method: 'POST', payload })).toMatchObject({
      code: 'validation',
      errors: [{ path: '/body/ids/0' }],
    })
  })

  it('ask for a sign-in before they say anything else', async () => {
    const answer = await service().app.inject('/api/v1/reports/x?nonsense=1')
    expect(answer.json()).toMatchObject({ status: 401, code: 'not_signed_in' })
  })
})
