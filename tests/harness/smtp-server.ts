import { createServer, type Socket } from 'node:net'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser, type ParsedMail } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { makeCertificate } from './certificate.ts'

export interface ReceivedMail {
  mail: ParsedMail
  raw: string
  from: string
  to: string[]
  /** Whether it came over TLS, and who had signed in. */
  secure: boolean
  user: string | null
}

export interface SmtpServer {
  host: string
  port: number
  mails: ReceivedMail[]
  /** What the next mails are answered with instead of being taken: an SMTP status and its text. */
  refuse: { code: number; text: string } | null
  close(): Promise<void>
}

interface SmtpServerOptions {
  /** tls: from the start; starttls: offered; plain: neither. */
  security: 'tls' | 'starttls' | 'plain'
  user: string
  password: string
}

/** A mail server on loopback that takes mail of one account; it asks for the account before any mail, and for TLS before the account. */
export async function startSmtpServer({ security, user, password }: SmtpServerOptions): Promise<SmtpServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ruadar-smtp-'))
  makeCertificate(folder)
  const received: ReceivedMail[] = []
  const server = new SMTPServer({
    secure: security === 'tls',
    key: readFileSync(join(folder, 'key.pem')),
    cert: readFileSync(join(folder, 'certificate.pem')),
    disabledCommands: security === 'plain' ? ['STARTTLS'] : [],
    allowInsecureAuth: security === 'plain',
    authOptional: false,
    logger: false,
    onAuth({ username, password: given }, _session, callback) {
      if (username === user && given === password) callback(null, { user: username })
      else callback(Object.assign(new Error(`wrong password ${given ?? ''}`), { responseCode: 535 }))
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { refuse } = running
        if (refuse) return callback(Object.assign(new Error(refuse.text), { responseCode: refuse.code }))
        const raw = Buffer.concat(chunks)
        const { mailFrom, rcptTo } = session.envelope
        simpleParser(raw, (problem: Error | null, mail) => {
          if (problem) return callback(problem)
          received.push({
            mail,
            raw: raw.toString('utf8'),
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            secure: session.secure,
            user: session.user ?? null,
          })
          callback(null, 'taken')
        })
      })
    },
  })
  server.on('error', () => undefined) // connections that clients cut
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const running: SmtpServer = {
    host: '127.0.0.1',
    port: (server.server.address() as { port: number }).port,
    mails: received,
    refuse: null,
    async close() {
      await new Promise<void>((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return running
}

/** Takes connections and never says a word, as a firewall or a port of another kind does. */
export async function startSilentServer(): Promise<{ host: string; port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    host: '127.0.0.1',
    port: (server.address() as { port: number }).port,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
