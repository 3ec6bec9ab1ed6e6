import { createServer } from 'node:net'
import { describe, expect, inject, it } from 'vitest'
import { useDatabase } from '../../../tests/harness/postgres.ts'
import { pino } from 'pino'
import { describeError, openDatabase, runTask, sql } from './index.ts'

const database = useDatabase()

describe('openDatabase', () => {
  it('gives sums as numbers, days as text, moments as Date', async () => {
    const { rows } = await sql`
      select sum(n)::bigint as sum, '2026-01-31'::date as day, '2026-01-31 12:00Z'::timestamptz as at, '{"a":1}'::jsonb as value
      from generate_series(1, 100000) n`.execute(database().db)
    expect(rows).toEqual([{ sum: 5000050000, day: '2026-01-31', at: new Date('2026-01-31T12:00:00Z'), value: { a: 1 } }])
  })

  it('works in UTC whatever the server thinks', async () => {
    const { rows } = await sql<{ zone: string; day: string }>`
      select current_setting('timezone') as zone, '2026-01-31 23:59:59Z'::timestamptz::date as day`.execute(database().db)
    expect(rows).toEqual([{ zone: 'UTC', day: '2026-01-31' }])
  })

  it('survives that the server ends an idle connection', async () => {
    const own = await openDatabase(database().url, { name: 'cut', max: 1 })
    await database().pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ruadar cut'`)
    await expect.poll(() => own.pool.totalCount).toBe(0)
    expect((await own.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await own.close()
  })

  it('can be closed unused', async () => {
    const own = await openDatabase(database().url, { name: 'test' })
    await own.close()
    expect(own.pool.ended).toBe(true)
  })
})

describe('the log of slow queries', () => {
  async function asked(ms: number): Promise<Record<string, unknown>[]> {
    const lines: string[] = []
    const log = pino({}, { write: (line: string) => lines.push(line) })
    const own = await openDatabase(database().url, { name: 'slow', slow: { ms, log } })
    await sql`select pg_sleep(0.06), ${'a value of somebody'}::text`.execute(own.db)
    await runTask({ question: 'getSummary' }, () => sql`select pg_sleep(0.06)`.execute(own.db))
    await sql`select 1`.execute(own.db)
    await own.close()
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  it('names question, time and statement, and no value', async () => {
    const lines = await asked(50)
    // On a busy machine other statements may be slow, too.
    expect(lines.filter(({ statement }) => String(statement).includes('pg_sleep'))).toMatchObject([
      { level: 40, msg: 'slow query', question: 'other', statement: 'select pg_sleep(0.06), $1::text' },
      { question: 'getSummary', statement: 'select pg_sleep(0.06)', ms: expect.any(Number) },
    ])
    expect(JSON.stringify(lines)).not.toContain('somebody')
  })

  it('has nothing to say of quick ones, and is off at 0', async () => {
    expect(await asked(60_000)).toEqual([])
    expect(await asked(0)).toEqual([])
  })
})

describe('a database that cannot be used is told in a sentence', () => {
  const changed = (change: (url: URL) => void) => {
    const url = new URL(inject('postgresUrl'))
    change(url)
    return url.href
  }
  const complaint = (url: string) => openDatabase(url, { name: 'test' }).then(() => 'none', describeError)

  it('when nothing listens', async () => {
    const free = createServer()
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
    const { port } = free.address() as { port: number }
    await new Promise((resolve) => free.close(resolve))
    expect(await complaint(`postgres://u:geheim@127.0.0.1:${port}/ruadar`)).toBe(
      `PostgreSQL at 127.0.0.1:${port} does not answer. Start it, or correct DATABASE_URL.`,
    )
  })

  it('when the host is unknown', async () => {
    expect(await complaint('postgres://u:geheim@no-such-host.invalid/ruadar')).toMatch(
      /^The host of PostgreSQL at no-such-host.invalid is not known./,
    )
  })

  it('when the password is wrong, without the password', async () => {
    const text = await complaint(changed((url) => (url.password = 'geheim')))
    expect(text).toMatch(/refuses the user or the password\. Correct DATABASE_URL\.$/)
    expect(text).not.toContain('geheim')
  })

  it('when the database does not exist', async () => {
    expect(await complaint(changed((url) => (url.pathname = '/none')))).toMatch(/has no database none\. Create it/)
  })

  it('when another kind of server answers', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const text = await complaint(`postgres://u:geheim@127.0.0.1:${port}/ruadar`)
    server.close()
    expect(text).toMatch(new RegExp(`^PostgreSQL at 127.0.0.1:${port} cannot be used: `))
    expect(text).not.toContain('geheim')
  })
})
