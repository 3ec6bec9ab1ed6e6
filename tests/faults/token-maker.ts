import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, sql } from '@ruadar/platform'
import { expect } from 'vitest'
import { patience } from './fault.ts'

/** A person who makes one API token after the other, each until the answer says that there is one, and remembers what was promised. */
export interface TokenMaker {
  /** Ends the work, and holds the database to the answers: every promised token is there, and none twice. Gives their number. */
  settle(database: Database): Promise<number>
}

/** Makes the administrator with the link that the API printed, and begins. */
export async function startTokenMaker(url: string, setupLink: string): Promise<TokenMaker> {
  const [, secret = ''] = setupLink.split('secret=')
  const headers = { 'content-type': 'application/json', origin: url }
  const post = (path: string, body: object, cookie = '') =>
    fetch(`${url}/api/v1${path}`, { method: 'POST', headers: { ...headers, cookie }, body: JSON.stringify(body) })
  const setUp = await post('/setup', { secret, name: 'admin', password: 'a long enough password' })
  expect(setUp.status).toBe(201)
  const cookie = setUp.headers.get('set-cookie')?.split(';')[0] ?? ''
  const promised: string[] = []
  let ended = false
  const working = (async () => {
    for (let number = 1; !ended; number++) {
      const name = `token ${number}`
      // 409: it was made, and the server died before it could say so.
      const isMade = async () => {
        const { status } = await post('/tokens', { name }, cookie).catch(() => ({ status: 0 }))
        if (status === 201) promised.push(name)
        return status === 201 || status === 409
      }
      while (!(await isMade())) await sleep(50)
      await sleep(5)
    }
  })()
  return {
    async settle(database) {
      ended = true
      await working
      const read = () => sql<{ name: string }>`select name from api_tokens where name like 'token %' order by id`.execute(database.db)
      await expect.poll(async () => (await read()).rows.length, patience).toBeGreaterThan(0)
      const names = (await read()).rows.map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
      expect(promised.filter((name) => !names.includes(name))).toEqual([])
      return promised.length
    },
  }
}
