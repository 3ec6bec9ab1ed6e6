import { describe, expect, it } from 'vitest'
import { useService } from '../../testing/service.ts'

const service = useService()

describe('a fault inside', () => {
  it('is told to the log and not to the client', async () => {
    const { app, bearer, database } = service()
    // The dashboard's tables are gone: the database's own words name them.
    await database.pool.query('alter table daily_reporters rename to elsewhere')
    const answer = await app.inject({ url: '/api/v1/summary', headers: bearer })
    expect(answer.statusCode).toBe(500)
    expect(answer.json()).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      code: 'internal',
      detail: 'Something went wrong here; the log of the server says what.',
    })
  })
})
