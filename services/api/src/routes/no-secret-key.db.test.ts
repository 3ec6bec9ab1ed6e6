import { describe, expect, it } from 'vitest'
import { useService } from '../../testing/service.ts'

const service = useService({ settings: { secretKey: null } })

describe('without RUADAR_SECRET_KEY', () => {
  it('no mailbox is stored, and the answer says what to set', async () => {
    const { app, bearer } = service()
    const payload = {
      name: 'Reports',
      host: 'imap.example.org',
      port: 993,
      security: 'tls',
      user: 'dmarc',
      auth: { kind: 'password', password: 'x' },
      folders: ['INBOX'],
      afterwards: { action: 'leave' },
    }
    const answer = await app.inject({ method: 'POST', url: '/api/v1/mailboxes', headers: bearer, payload })
    expect(answer.json()).toMatchObject({ status: 409, code: 'secret_key_missing', detail: expect.stringContaining('RUADAR_SECRET_KEY') })
  })
})
