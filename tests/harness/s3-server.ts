import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'
import { freePort } from './dovecot.ts'

export interface S3Server {
  /** Settings of a bucket on it, as environment variables. */
  env: Record<string, string>
  /** Keys that lie in the bucket. */
  keys(): string[]
  stop(): Promise<void>
  start(): Promise<void>
  remove(): Promise<void>
}

/** A server of the S3 API on a free port of loopback, with an empty bucket. It knows access keys; signatures it does not compare. */
export async function startS3Server(): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), 'ruadar-s3-'))
  const port = await freePort()
  const make = () =>
    new S3rver({ address: '127.0.0.1', port, silent: true, directory: folder, configureBuckets: [{ name: 'mails', configs: [] }] })
  let server = make()
  await server.run()
  return {
    env: {
      RUADAR_RAW_MAIL: 's3://mails/raw',
      RUADAR_S3_ENDPOINT: `http://127.0.0.1:${port}`,
      RUADAR_S3_ACCESS_KEY: 'S3RVER',
      RUADAR_S3_SECRET_KEY: 'S3RVER',
    },
    keys() {
      const raw = join(folder, 'mails', 'raw')
      const names = existsSync(raw) ? readdirSync(raw) : []
      return names.filter((name) => name.endsWith('._S3rver_object')).map((name) => name.replace('._S3rver_object', ''))
    },
    stop: () => server.close(),
    async start() {
      server = make()
      await server.run()
    },
    async remove() {
      await server.close().catch(() => undefined)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
