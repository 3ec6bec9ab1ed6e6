import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { useService } from '../../testing/service.ts'

const dashboard = mkdtempSync(join(tmpdir(), 'ruadar-dashboard-'))
mkdirSync(join(dashboard, 'assets'))
writeFileSync(join(dashboard, 'index.html'), '<!doctype html><title>Ruadar</title>')
writeFileSync(join(dashboard, 'assets', 'app-1a2b3c.js'), 'export {}')
writeFileSync(join(dashboard, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
afterAll(() => rmSync(dashboard, { recursive: true }))

const service = useService({ dashboard })
const get = (url: string) => service().app.inject(url)

describe('the dashboard', () => {
  it.each(['/', '/setup', '/sources/192.0.2.1', '/reports/7/xml'])('is its index page at %s, asked for anew each time', async (url) => {
    const answer = await get(url)
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-cache'])
    expect(answer.headers['content-type']).toMatch(/^text\/html/)
    expect(answer.body).toContain('<title>Ruadar</title>')
  })

  it('keeps files with a hash in their name for ever, and no others', async () => {
    expect((await get('/assets/app-1a2b3c.js')).headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringMatching(/javascript/),
    })
    expect((await get('/logo.svg')).headers['cache-control']).toBe('no-cache')
  })

  it.each(['/assets/app-old.js', '/api/v2/anything', '/api/nothing', '/api'])('is not the answer to %s', async (url) => {
    const answer = await get(url)
    expect(answer.json()).toMatchObject({ status: 404, code: 'not_found' })
  })

  it.each(['/../package.json', '/%2e%2e/package.json', '/assets/..%2f..%2fpackage.json', '/.env'])(
    'gives nothing else of the disk away at %s',
    async (url) => {
      const answer = await get(url)
      expect(answer.body).not.toContain('"name"')
    },
  )

  it('may run its own files only, and be framed by nobody', async () => {
    const { headers } = await get('/')
    const policy = String(headers['content-security-policy'])
    expect(policy.split(';').sort()).toEqual(
      [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].sort(),
    )
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY' })
    expect(headers['strict-transport-security']).toBeUndefined()
  })
})

describe('answers of the API', () => {
  it('are kept by no cache', async () => {
    expect((await get('/api/v1/setup')).headers['cache-control']).toBe('no-store')
    expect((await get('/api/v1/summary')).headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  })
})
