import type { Notice } from '@ruadar/alerts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SmtpServer, startSilentServer, startSmtpServer } from '../../../../../tests/harness/smtp-server.ts'
import type { DeliveryError, EmailTarget, Network, Outgoing } from './channel.ts'
import { composeMessage } from './message.ts'
import { defaultNetwork, send } from './registry.ts'

const account = { user: 'alerts@example.com', password: 'a secret word' }
const network: Network = { ...defaultNetwork, allowPrivate: false, stopping: new AbortController().signal }
const hostile = '<script>alert(1)</script>\r\nBcc: x@evil.example\u202E https://evil.example'
const notice: Notice = {
  rule: 'new_sender',
  alertId: 7,
  domain: 'example.com',
  senderId: 3,
  day: '2026-11-24',
  facts: { sender: hostile, kind: 'domain', firstDay: '2026-11-20', days: 2, messages: 21, aligned: 0, sources: 5 },
}

function outgoing(language: 'en' | 'ru' = 'en'): Outgoing {
  const channel = { name: 'Ours', language }
  const content = { what: 'notice', notice } as const
  return {
    id: 42,
    createdAt: new Date('2026-11-24T10:00:00Z'),
    channel,
    content,
    message: composeMessage(content, channel, 'https://ruadar.example'),
  }
}

function targetOf(
  { host, port }: { host: string; port: number },
  security: EmailTarget['security'],
  more: Partial<EmailTarget> = {},
): EmailTarget {
  return {
    kind: 'email',
    host,
    port,
    security,
    ...account,
    to: ['ana@example.org', 'ops@example.org'],
    acceptInvalidCertificate: true,
    ...more,
  }
}
const failure = (target: EmailTarget, more: Partial<Network> = {}) =>
  send(target, outgoing(), { ...network, ...more }).then(
    () => null,
    (error: DeliveryError) => error,
  )

describe.each(['tls', 'starttls'] as const)('a mail over %s', (security) => {
  let server: SmtpServer
  beforeAll(async () => {
    server = await startSmtpServer({ security, ...account })
  })
  afterAll(() => server.close())

  it('arrives encrypted, from the account, for every recipient', async () => {
    const answer = await send(targetOf(server, security), outgoing(), network)
    expect(answer).toMatch(/^250 /)
    const [received] = server.mails
    expect(received).toMatchObject({ secure: true, user: account.user, from: account.user, to: ['ana@example.org', 'ops@example.org'] })
    expect(received?.mail.from?.text).toBe('"Ruadar" <alerts@example.com>')
  })

  it('says what it is to mail programs and holiday notices', () => {
    const { headers, messageId, date } = server.mails[0]?.mail ?? {}
    expect(headers?.get('auto-submitted')).toBe('auto-generated')
    expect(headers?.get('list')).toMatchObject({ id: { id: 'ruadar.example.com', name: 'Ruadar' } })
    expect(messageId).toMatch(/^<ruadar-42-\w+@example\.com>$/)
    expect(date).toEqual(new Date('2026-11-24T10:00:00Z'))
  })

  it('does no harm with a hostile name, neither in headers nor in text nor in HTML', () => {
    const { mail, raw } = server.mails[0] ?? {}
    expect(mail?.subject).toMatch(/^New sender for example\.com: <script>alert\(1\)<.+script> Bcc: x@evil\.example/)
    expect(mail?.headers.has('bcc')).toBe(false)
    expect(raw).not.toMatch(/^bcc:/im)
    expect(mail?.html).not.toMatch(/<script|https:\/\/evil/)
    expect(mail?.text).not.toMatch(/\u202e|https:\/\/evil/)
  })

  it('loads nothing from anywhere, and links to the alert and its decisions', () => {
    const html = server.mails[0]?.mail.html || ''
    expect(html).not.toMatch(/<img|<link|url\(|@import|<script/)
    const links = [...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href)
    expect(links).toEqual(
      ['', '?decide=own', '?decide=approved', '?decide=forwarder', '?decide=rejected'].map(
        (end) => `https://ruadar.example/alerts/7${end}`,
      ),
    )
    expect(server.mails[0]?.mail.text).toContain('Not ours: https://ruadar.example/alerts/7?decide=rejected')
  })

  it('is in the language of the channel', async () => {
    await send(targetOf(server, security), outgoing('ru'), network)
    expect(server.mails.at(-1)?.mail.subject).toMatch(/^Новый отправитель у example\.com: /)
    expect(server.mails.at(-1)?.mail.html).toContain('<html lang="ru">')
  })

  it('is not sent to a server whose certificate nobody vouches for, unless that is allowed', async () => {
    const before = server.mails.length
    const error = await failure(targetOf(server, security, { acceptInvalidCertificate: false }))
    expect(error).toMatchObject({ lasting: true, message: expect.stringContaining('certificate of 127.0.0.1 cannot be trusted') })
    expect(server.mails).toHaveLength(before)
  })

  it('is refused for good with a wrong password, which is not told', async () => {
    const error = await failure(targetOf(server, security, { password: 'wrong one' }))
    expect(error).toMatchObject({ lasting: true, message: expect.stringContaining(`refuses ${account.user}`) })
  })

  it('tells final and passing refusals apart', async () => {
    server.refuse = { code: 554, text: 'no such user' }
    expect(await failure(targetOf(server, security))).toMatchObject({ lasting: true, message: expect.stringContaining('no such user') })
    server.refuse = { code: 451, text: 'greylisted' }
    expect(await failure(targetOf(server, security))).toMatchObject({ lasting: false, message: expect.stringContaining('greylisted') })
    server.refuse = null
  })
})

describe('a mail server', () => {
  it('without STARTTLS gets neither password nor mail', async () => {
    const server = await startSmtpServer({ security: 'plain', ...account })
    try {
      expect(await failure(targetOf(server, 'starttls'))).toMatchObject({
        lasting: true,
        message: expect.stringContaining('does not offer STARTTLS'),
      })
      expect(server.mails).toEqual([])
      expect(await send(targetOf(server, 'plain'), outgoing(), network)).toMatch(/^250 /)
    } finally {
      await server.close()
    }
  })

  it('beyond loopback is not spoken to without TLS', async () => {
    expect(await failure(targetOf({ host: 'mail.example.com', port: 25 }, 'plain'))).toMatchObject({
      message: expect.stringContaining('in the clear'),
    })
  })

  it('that says nothing is not waited for', async () => {
    const server = await startSilentServer()
    try {
      expect(await failure(targetOf(server, 'starttls'), { connectMs: 200 })).toMatchObject({ lasting: false })
      expect(await failure(targetOf(server, 'starttls'), { wholeMs: 200 })).toMatchObject({
        lasting: false,
        message: expect.stringContaining('did not take the mail within 0.2 s'),
      })
    } finally {
      await server.close()
    }
  })

  it('that is away is told with its port', async () => {
    const server = await startSilentServer()
    await server.close()
    expect(await failure(targetOf(server, 'tls'))).toMatchObject({
      lasting: false,
      message: expect.stringContaining(`refuses connections on port ${server.port}`),
    })
  })
})
