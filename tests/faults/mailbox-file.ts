import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A RUADAR_CONFIG that names mailboxes of a server on loopback, without TLS; `after` is written as it stands. */
export function mailboxFile(mailboxes: readonly { user: string; port: number; after: string }[]): { path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'ruadar-mailbox-file-'))
  const path = join(folder, 'ruadar.yaml')
  const entries = mailboxes.map(({ user, port, after }) =>
    [
      `  - name: ${user}`,
      'host: 127.0.0.1',
      `port: ${port}`,
      'security: plain',
      `user: ${user}`,
      'password: secret',
      `after: ${after}`,
    ].join('\n    '),
  )
  writeFileSync(path, `mailboxes:\n${entries.join('\n')}\n`)
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
