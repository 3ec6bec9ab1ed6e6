import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { describeError } from '../operator-error.ts'
import { definitions } from './definitions.ts'
import { loadSettings } from './load.ts'

const folder = mkdtempSync(join(tmpdir(), 'ruadar-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
function file(content: string): string {
  const path = join(folder, `file-${++files}`)
  writeFileSync(path, content)
  return path
}

function complaint(env: NodeJS.ProcessEnv): string {
  try {
    loadSettings(env)
  } catch (error) {
    return describeError(error)
  }
  throw new Error('the settings were accepted')
}

describe('loadSettings', () => {
  it('refuses to keep sums for less time than the records that they sum up', () => {
    for (const months of ['0', '13']) {
      const env = { RUADAR_RECORD_MONTHS: months, RUADAR_SUM_MONTHS: '12' }
      expect(complaint(env)).toContain('RUADAR_SUM_MONTHS must be 0, or at least RUADAR_RECORD_MONTHS')
    }
    expect(loadSettings({ RUADAR_RECORD_MONTHS: '12', RUADAR_SUM_MONTHS: '12' })).toMatchObject({ recordMonths: 12, sumMonths: 12 })
  })

  it('needs no setting at all', () => {
    expect(loadSettings({})).toMatchObject({
      host: '127.0.0.1',
      port: 7489,
      publicUrl: null,
      trustProxy: false,
      databaseUrl: null,
      redisUrl: null,
      secretKey: null,
      domains: [],
      readers: availableParallelism(),
      mailboxes: [],
      unknown: [],
    })
  })

  it('takes the environment over the file and the file over the default', () => {
    const path = file('RUADAR_PORT: 8000\nRUADAR_POLL_SECONDS: 300\n')
    const settings = loadSettings({ RUADAR_CONFIG: path, RUADAR_PORT: '9000' })
    expect(settings).toMatchObject({ port: 9000, pollSeconds: 300, readSeconds: 120 })
  })

  it('takes an empty variable as not given', () => {
    expect(loadSettings({ RUADAR_PORT: '', DATABASE_URL: '', RUADAR_IMAP_URL: '' })).toMatchObject({
      port: 7489,
      databaseUrl: null,
      mailboxes: [],
    })
  })

  it.each(Object.keys(definitions.properties).filter((name) => 'secret' in definitions.properties[name as 'DATABASE_URL']))(
    'reads %s from a file named by the variable with _FILE, without the line end',
    (name) => {
      const values: Record<string, string> = {
        DATABASE_URL: 'postgres://u:p@db.example.org/ruadar',
        RUADAR_DATABASE_DIRECT_URL: 'postgres://u:p@db.example.org/ruadar',
        RUADAR_READ_DATABASE_URL: 'postgres://u:p@replica.example.org/ruadar',
        REDIS_URL: 'redis://redis.example.org',
        RUADAR_SECRET_KEY: 'ab'.repeat(32),
        RUADAR_IMAP_URL: 'imaps://u:p@imap.example.org',
        RUADAR_S3_ACCESS_KEY: 'access',
        RUADAR_S3_SECRET_KEY: 'secret',
      }
      const objects = { RUADAR_RAW_MAIL: 's3://mails', RUADAR_S3_ACCESS_KEY: 'other', RUADAR_S3_SECRET_KEY: 'other' }
      const others = Object.fromEntries(Object.entries(objects).filter(([other]) => other !== name))
      const path = file(`${values[name]}\n`)
      expect(loadSettings({ ...others, [`${name}_FILE`]: path })).toEqual(loadSettings({ ...others, [name]: values[name] }))
      expect(loadSettings({ ...others, [name]: values[name] })).not.toEqual(loadSettings(objects))
    },
  )

  it('names the variable whose secret file is missing', () => {
    expect(complaint({ REDIS_URL_FILE: join(folder, 'none') })).toContain('REDIS_URL_FILE: ENOENT')
  })

  it('names every problem at once, and where all settings are listed', () => {
    const text = complaint({
      RUADAR_PORT: 'eighty',
      RUADAR_POLL_SECONDS: '0',
      RUADAR_TRUST_PROXY: 'perhaps',
      RUADAR_LOG_LEVEL: 'loud',
      RUADAR_METRICS: 'everybody',
      RUADAR_SECRET_KEY: 'short',
      RUADAR_PUBLIC_URL: 'ruadar.example.org',
      DATABASE_URL: 'mysql://db.example.org/ruadar',
      REDIS_URL: 'localhost:6379',
      RUADAR_IMAP_URL: 'pop3://u:p@mail.example.org',
      RUADAR_CONFIG: file('RUADAR_PROT: 1\nmailboxes:\n  - name: A\n    host: imap.example.org\n'),
    })
    for (const part of [
      'RUADAR_PORT must be integer',
      'RUADAR_POLL_SECONDS must be >= 1',
      'RUADAR_TRUST_PROXY must be boolean',
      'RUADAR_LOG_LEVEL must be trace',
      'RUADAR_METRICS must be token or open',
      'RUADAR_SECRET_KEY must be 64 hexadecimal digits',
      'RUADAR_PUBLIC_URL must be a URL',
      'DATABASE_URL must be a URL that starts with postgres://',
      'REDIS_URL must be a URL that starts with redis://',
      'RUADAR_IMAP_URL must start with imaps://',
      'RUADAR_PROT is not a setting',
      'mailboxes[0]: must have required properties user',
      'docs/configuration.md',
    ]) {
      expect(text).toContain(part)
    }
  })

  it('shows no secret in what it complains about', () => {
    const text = complaint({
      RUADAR_PORT: 'eighty',
      DATABASE_URL: 'mysql://u:geheim-1@db.example.org/ruadar',
      REDIS_URL: 'http://:geheim-2@redis.example.org',
      RUADAR_SECRET_KEY: 'geheim-3',
      RUADAR_IMAP_URL: 'imap://u:geheim-4@imap.example.org/INBOX',
      RUADAR_CONFIG: file('mailboxes:\n  - {name: A, host: imap.example.org, user: u, password: [geheim-5]}\n'),
    })
    expect(text).toContain('mailboxes[0]')
    expect(text).not.toContain('geheim')
  })

  it('lists variables that mean nothing, and a _FILE of what is no secret', () => {
    const { unknown } = loadSettings({ RUADAR_PROT: '1', RUADAR_PORT_FILE: '/x', RUADAR_PORT: '1', HOME: '/', RUADAR_IMAP_URL_FILE: '' })
    expect(unknown).toEqual(['RUADAR_PROT', 'RUADAR_PORT_FILE'])
  })

  it('reads domains in any case, with commas, spaces or line ends between them', () => {
    expect(loadSettings({ RUADAR_DOMAINS: ' Example.org, example.com\nexample.net ' }).domains).toEqual([
      'example.org',
      'example.com',
      'example.net',
    ])
  })

  it('drops slashes at the end of the public address', () => {
    expect(loadSettings({ RUADAR_PUBLIC_URL: 'https://ruadar.example.org/' }).publicUrl).toBe('https://ruadar.example.org')
  })

  it('takes the mailbox of RUADAR_IMAP_URL beside those of the file', () => {
    const path = file('mailboxes:\n  - {name: Second, host: imap.example.org, user: u, password: p}\n')
    const { mailboxes } = loadSettings({ RUADAR_CONFIG: path, RUADAR_IMAP_URL: 'imaps://u:p@imap.example.net' })
    expect(mailboxes.map(({ key }) => key)).toEqual(['RUADAR_IMAP_URL u@imap.example.net:993', 'file Second'])
  })
})
