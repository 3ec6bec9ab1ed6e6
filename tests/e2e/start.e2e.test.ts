import { chmodSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { openDatabase, sql } from '@ruadar/platform'
import { afterAll, describe, expect, it } from 'vitest'
import { createDatabase } from '../harness/postgres.ts'
import { runRuadar, startNode } from '../harness/process.ts'
import { makeDataDir, type Product, startProduct } from '../harness/product.ts'
import { startRedis } from '../harness/redis.ts'

/** One sentence (or two: what is wrong, what to do), no stack trace, exit code 1. */
function expectSentence({ code, output }: { code: number | null; output: string }, pattern: RegExp): void {
  expect(output).toMatch(pattern)
  expect(output).not.toMatch(/\n\s+at /)
  expect(code).toBe(1)
}

describe('the embedded mode', () => {
  const dataDir = makeDataDir()
  const started: Product[] = []
  const start = async (env: Record<string, string> = {}) => {
    const product = await startProduct({ dataDir, env })
    started.push(product)
    return product
  }
  afterAll(async () => {
    for (const product of started) if (product.running.child.exitCode === null) await product.running.end('SIGKILL')
    // A server that outlived a killed parent is stopped by the next proper start and stop.
    await (await startProduct({ dataDir })).stop()
    rmSync(dataDir, { recursive: true, force: true })
  })

  it('serves the first-run page, stops at Ctrl-C, and starts again with the data it had', async () => {
    const first = await start()
    expect((await fetch(first.url)).headers.get('content-type')).toContain('text/html')
    expect(await (await fetch(`${first.url}/api/v1/setup`)).json()).toEqual({ needed: true })
    const secret = first.setupLink?.split('secret=')[1]
    const setup = await fetch(`${first.url}/api/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: first.url },
      body: JSON.stringify({ secret, name: 'admin', password: 'a long enough password' }),
    })
    expect(setup.status).toBeLessThan(300)
    expect(await first.stop()).toBe(0)
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false)
    expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600)

    const second = await start()
    expect(second.setupLink).toBeNull()
    expect(await (await fetch(`${second.url}/api/v1/setup`)).json()).toEqual({ needed: false })
    expect(await second.stop()).toBe(0)
  })

  it('refuses a second start on the same folder with one sentence, and the first goes on', async () => {
    const first = await start()
    expectSentence(await runRuadar(['start'], { RUADAR_DATA_DIR: dataDir, RUADAR_PORT: '0' }), /^Ruadar already runs on the data folder/m)
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200)
    expect(await first.stop()).toBe(0)
  })

  it('starts after kill -9, which leaves its database server behind', async () => {
    const killed = await start()
    await killed.running.end('SIGKILL')
    const next = await start()
    expect((await fetch(`${next.url}/readyz`)).status).toBe(200)
    expect(await next.stop()).toBe(0)
  })

  it('lets other commands work beside it', async () => {
    const product = await start()
    const file = join(dataDir, 'not-a-report.txt')
    writeFileSync(file, 'From: a@example.com\nSubject: hello\n\nhello\n')
    const imported = await runRuadar(['import', file], { RUADAR_DATA_DIR: dataDir })
    expect(imported.stdout).toMatch(/^ignored +1 /m)
    expect(imported.code).toBe(0)
    const token = await runRuadar(['token', 'create', '--name', 'beside'], { RUADAR_DATA_DIR: dataDir })
    const answer = await fetch(`${product.url}/api/v1/summary`, { headers: { authorization: `Bearer ${token.stdout.trim()}` } })
    expect(await answer.json()).toMatchObject({ messages: 0, reports: 0 })
    expect(await product.stop()).toBe(0)
  })

  it('says that the port is in use, and leaves no server behind', async () => {
    const server: Server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    expectSentence(
      await runRuadar(['start'], { RUADAR_DATA_DIR: dataDir, RUADAR_PORT: String(port) }),
      new RegExp(`^Port ${port} on 127.0.0.1 is in use`, 'm'),
    )
    await new Promise((resolve) => server.close(resolve))
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false)
  })

  it('says that the data folder cannot be written', async () => {
    const file = join(dataDir, 'a file')
    writeFileSync(file, '')
    chmodSync(file, 0o400)
    expectSentence(
      await runRuadar(['start'], { RUADAR_DATA_DIR: join(file, 'data'), RUADAR_PORT: '0' }),
      /^The data folder .* cannot be written/m,
    )
  })
})

describe('shared servers', () => {
  it('says that DATABASE_URL does not answer, refuses the password, or has no such database', async () => {
    const { url, drop } = await createDatabase()
    const changed = (change: (url: URL) => void) => {
      const other = new URL(url)
      change(other)
      return { DATABASE_URL: other.href, RUADAR_PORT: '0' }
    }
    const away = await runRuadar(
      ['start'],
      changed((other) => (other.port = '1')),
    )
    expectSentence(away, /^PostgreSQL at 127.0.0.1:1 does not answer/m)
    const wrong = await runRuadar(
      ['start'],
      changed((other) => (other.password = 'wrong-password')),
    )
    expectSentence(wrong, /^PostgreSQL at .* refuses the user or the password/m)
    expect(wrong.output).not.toContain('wrong-password')
    expectSentence(
      await runRuadar(
        ['start'],
        changed((other) => (other.pathname = '/nowhere')),
      ),
      /^PostgreSQL at .* has no database nowhere/m,
    )
    expectSentence(await runRuadar(['start'], { DATABASE_URL: 'mysql://example.com/x' }), /^Settings are wrong: DATABASE_URL must be/m)
    await drop()
  })

  it('says that Redis is down, and uses it once it is there', async () => {
    const { url, drop } = await createDatabase()
    const redis = await startRedis()
    const env = { DATABASE_URL: url, REDIS_URL: redis.url, RUADAR_PORT: '0' }
    const product = await startProduct({ env })
    expect(product.running.output()).toContain('queue: redis')
    expect((await fetch(`${product.url}/readyz`)).status).toBe(200)
    expect(await product.stop()).toBe(0)
    product.remove()
    await redis.stop()
    expectSentence(await runRuadar(['start'], env), /^Redis at 127.0.0.1:\d+ /m)
    await drop()
  })

  it('migrates an empty database, and a worker alone refuses one that is not migrated', async () => {
    const { url, drop } = await createDatabase()
    const database = await openDatabase(url, { name: 'test' })
    await sql`drop schema public cascade`.execute(database.db)
    await sql`create schema public`.execute(database.db)
    await database.close()
    const worker = startNode('services/ingest/dist/main.js', [], { DATABASE_URL: url })
    await worker.waitFor(/^The database has not been migrated/m)
    expect((await runRuadar(['migrate'], { DATABASE_URL: url })).code).toBe(0)
    expect((await runRuadar(['migrate'], { DATABASE_URL: url })).code).toBe(0)
    await drop()
  })
})
