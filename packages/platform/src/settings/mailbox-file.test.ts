import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type ConfigurationFile, readConfigurationFile } from './mailbox-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'ruadar-mailbox-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

function read(yaml: string): ConfigurationFile & { problems: string[] } {
  const path = join(folder, 'ruadar.yaml')
  writeFileSync(path, yaml)
  const problems: string[] = []
  return { ...readConfigurationFile(path, problems), problems }
}

describe('readConfigurationFile', () => {
  it('reads an empty file', () => {
    expect(read('')).toEqual({ values: {}, mailboxes: [], problems: [] })
  })

  it('gives every value as a text, a list with commas, and null as empty', () => {
    const { values, problems } = read('RUADAR_PORT: 8000\nRUADAR_TRUST_PROXY: true\nRUADAR_DOMAINS: [a.example, b.example]\nREDIS_URL:\n')
    expect(values).toEqual({ RUADAR_PORT: '8000', RUADAR_TRUST_PROXY: 'true', RUADAR_DOMAINS: 'a.example,b.example', REDIS_URL: '' })
    expect(problems).toEqual([])
  })

  it('fills in what a mailbox leaves out', () => {
    const { mailboxes, problems } = read('mailboxes:\n  - {name: Reports, host: imap.example.org, user: u, password: p}\n')
    expect(problems).toEqual([])
    expect(mailboxes).toEqual([
      {
        key: 'file Reports',
        allowPlain: false,
        input: {
          name: 'Reports',
          host: 'imap.example.org',
          port: 993,
          security: 'tls',
          user: 'u',
          auth: { kind: 'password', password: 'p' },
          folders: ['INBOX'],
          afterwards: { action: 'leave' },
          acceptInvalidCertificate: false,
        },
      },
    ])
  })

  it('reads secrets from files of their own', () => {
    writeFileSync(join(folder, 'password'), 'geheim\n')
    const { mailboxes } = read(`
mailboxes:
  - {name: A, host: h, user: u, password_file: ${folder}/password, security: starttls, after: move, move_to: Read}
  - name: B
    host: h
    user: u
    after: delete
    delete_after_days: 30
    oauth2:
      token_url: https://login.example.org/token
      client_id: id
      client_secret_file: ${folder}/password
      refresh_token: token
      scope: mail
`)
    expect(mailboxes.map(({ input }) => input)).toMatchObject([
      { port: 143, auth: { kind: 'password', password: 'geheim' }, afterwards: { action: 'move', folder: 'Read' } },
      {
        auth: {
          kind: 'oauth2',
          tokenUrl: 'https://login.example.org/token',
          clientId: 'id',
          clientSecret: 'geheim',
          refreshToken: 'token',
          scope: 'mail',
        },
        afterwards: { action: 'delete', days: 30 },
      },
    ])
  })

  it.each([
    ['- 1', 'must hold a map of settings'],
    ['a: [', 'cannot be read: Flow sequence'],
    ['RUADAR_PUBLIC_URL: {a: 1}', 'RUADAR_PUBLIC_URL must be a single value'],
    ['mailboxes: {}', 'must be a list'],
    ['mailboxes: [1]', 'mailboxes[0]: must be object'],
    ['mailboxes: [{name: A}]', 'mailboxes[0]: must have required properties host, user'],
    ['mailboxes: [{name: A, host: h, user: u, pasword: geheim}]', 'mailboxes[0]: pasword is not known here'],
    ['mailboxes: [{name: A, host: h, user: u, password: p, port: 0}]', 'mailboxes[0]: port must be >= 1'],
    ['mailboxes: [{name: A, host: h, user: u}]', 'mailboxes[0]: needs password, password_file or oauth2'],
    ['mailboxes: [{name: A, host: h, user: u, password_file: /none/geheim}]', 'mailboxes[0]: ENOENT'],
    ['mailboxes: [{name: A, host: h, user: u, password: geheim, security: plain}]', 'unencrypted; use tls or starttls'],
    ['mailboxes: [{name: A, host: h, user: u, password: geheim, after: move}]', 'after: move needs move_to'],
    ['mailboxes: [{name: A, host: h, user: u, password: geheim, after: delete}]', 'after: delete needs delete_after_days'],
    ['mailboxes: [&a {name: A, host: h, user: u, password: geheim}, *a]', 'two mailboxes are called A'],
  ])('complains about %s', (yaml, problem) => {
    const { problems } = read(yaml)
    expect(problems).toEqual([expect.stringContaining(problem)])
    expect(problems.join().replace('/none/geheim', '')).not.toContain('geheim')
  })

  it('complains about a file that is not there', () => {
    const problems: string[] = []
    readConfigurationFile(join(folder, 'none.yaml'), problems)
    expect(problems).toEqual([expect.stringMatching(/none\.yaml cannot be read: ENOENT/)])
  })

  it('allows sign-in without TLS on loopback, and elsewhere when it is said', () => {
    const { mailboxes, problems } = read(`
mailboxes:
  - {name: A, host: 127.0.0.1, user: u, password: p, security: plain}
  - {name: B, host: mail.example.org, user: u, password: p, security: plain, allow_plain: true}
`)
    expect(problems).toEqual([])
    expect(mailboxes.map(({ allowPlain, input }) => ({ allowPlain, port: input.port }))).toEqual([
      { allowPlain: false, port: 143 },
      { allowPlain: true, port: 143 },
    ])
  })

  it('reads an alias bomb neither for long nor at all', () => {
    const levels = Array.from({ length: 30 }, (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(9)}]`)
    const { problems } = read(`l0: &l0 x\n${levels.join('\n')}\n`)
    expect(problems.length).toBeGreaterThan(0)
  })
})
