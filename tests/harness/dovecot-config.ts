import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { makeCertificate } from './certificate.ts'

export interface DovecotUser {
  name: string
  password: string
}

export interface DovecotConfig {
  folder: string
  ports: { plain: number; tls: number }
  users: readonly DovecotUser[]
  /** False: no TLS at all, so STARTTLS is not offered. */
  tls: boolean
  /** RFC 7662 introspection end point, to which the token is appended. */
  introspectionUrl: string | undefined
  /** What the server says it can do, instead of all that it can. */
  capability: string | undefined
}

/** Who owns the mails: Dovecot refuses to open mail as root, so root lends its mails to `nobody`. */
export const mailOwner =
  process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : { uid: process.getuid?.() ?? 65534, gid: process.getgid?.() ?? 65534 }

/** Writes certificate, user list and configuration into `folder`; returns the path of the configuration. */
export function writeDovecotConfig(config: DovecotConfig): string {
  const { folder } = config
  makeCertificate(folder)
  mkdirSync(join(folder, 'homes'))
  chownSync(join(folder, 'homes'), mailOwner.uid, mailOwner.gid)
  writeFileSync(join(folder, 'users'), config.users.map((user) => `${user.name}:{PLAIN}${user.password}\n`).join(''))
  if (config.introspectionUrl) {
    writeFileSync(
      join(folder, 'oauth2.conf'),
      `introspection_url = ${config.introspectionUrl}\nintrospection_mode = get\nforce_introspection = yes\nusername_attribute = username\nactive_attribute = active\nactive_value = true\n`,
    )
  }
  const path = join(folder, 'dovecot.conf')
  writeFileSync(path, configurationText(config))
  return path
}

function configurationText({ folder, ports, tls, introspectionUrl, capability }: DovecotConfig): string {
  const root = process.getuid?.() === 0
  const self = execFileSync('id', ['-un'], { encoding: 'utf8' }).trim()
  const group = execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim()
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
listen = 127.0.0.1
protocols = imap
${root ? '' : `default_internal_user = ${self}\ndefault_login_user = ${self}\ndefault_internal_group = ${group}\n`}
ssl = ${tls ? 'yes' : 'no'}
ssl_cert = <${folder}/certificate.pem
ssl_key = <${folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login${introspectionUrl ? ' xoauth2 oauthbearer' : ''}
auth_failure_delay = 0
${introspectionUrl ? `passdb {\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = ${folder}/oauth2.conf\n}` : ''}
passdb {
  driver = passwd-file
  mechanisms = plain login
  args = ${folder}/users
}
userdb {
  driver = static
  args = uid=${mailOwner.uid} gid=${mailOwner.gid} home=${folder}/homes/%u
}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 100
${capability ? `imap_capability = ${capability}\n` : ''}namespace inbox {
  inbox = yes
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${ports.plain}
  }
  inet_listener imaps {
    port = ${tls ? ports.tls : 0}
    ssl = yes
  }
}
service anvil {
  chroot =
}
`
}
