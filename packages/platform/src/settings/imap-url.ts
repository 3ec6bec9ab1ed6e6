/** A mailbox as settings describe it; secrets stay in the process that has the settings. */
export interface MailboxSettings {
  /** Stable name of the mailbox in the database, independent of its secrets. */
  key: string
  /** Allows sign-in without TLS to a host that is not loopback. */
  allowPlain: boolean
  input: {
    name: string
    host: string
    port: number
    security: 'tls' | 'starttls' | 'plain'
    user: string
    auth:
      | { kind: 'password'; password?: string }
      | { kind: 'oauth2'; tokenUrl: string; clientId: string; clientSecret?: string; refreshToken?: string; scope?: string }
    folders: string[]
    afterwards: { action: 'leave' } | { action: 'seen' } | { action: 'move'; folder: string } | { action: 'delete'; days: number }
    acceptInvalidCertificate?: boolean
    enabled?: boolean
  }
}

const schemes: Record<string, { security: 'tls' | 'starttls' | 'plain'; port: number }> = {
  'imaps:': { security: 'tls', port: 993 },
  'imap+starttls:': { security: 'starttls', port: 143 },
  'imap:': { security: 'plain', port: 143 },
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/**
 * Reads RUADAR_IMAP_URL. Query parameters: `after=leave|seen|move|delete`, `folder=` for move, `days=` for delete,
 * `insecure=certificate` accepts any certificate, `insecure=plain` allows imap:// beyond loopback.
 * Throws an Error whose message never holds the password.
 */
export function parseImapUrl(text: string): MailboxSettings {
  let url: URL
  try {
    // The URL class gives an authority only to schemes that it knows: borrow one, and keep ours aside.
    url = new URL(text.replace(/^[a-z+]+:/i, 'https:'))
  } catch {
    throw new Error('is not a URL of the form imaps://user:password@host:993/INBOX')
  }
  const scheme = schemes[`${text.slice(0, text.indexOf(':')).toLowerCase()}:`]
  if (!scheme) throw new Error('must start with imaps://, imap+starttls:// or imap://')
  if (!url.username || !url.password) throw new Error('needs user and password: imaps://user:password@host/INBOX (write @ in them as %40)')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const insecure = url.searchParams.getAll('insecure')
  if (scheme.security === 'plain' && !isLoopback(host) && !insecure.includes('plain')) {
    throw new Error(`would send the password to ${host} unencrypted; use imaps:// or imap+starttls://, or add ?insecure=plain`)
  }
  const port = portOf(text) ?? scheme.port
  const user = decode(url.username)
  const folders = decode(url.pathname.slice(1)).split(',').filter(Boolean)
  return {
    key: `RUADAR_IMAP_URL ${user}@${host}:${port}`,
    allowPlain: insecure.includes('plain'),
    input: {
      name: user.includes('@') ? user : `${user}@${host}`,
      host,
      port,
      security: scheme.security,
      user,
      auth: { kind: 'password', password: decode(url.password) },
      folders: folders.length > 0 ? folders : ['INBOX'],
      afterwards: parseAfterwards(url.searchParams),
      acceptInvalidCertificate: insecure.includes('certificate'),
    },
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error('has a % that begins no escape; write it as %25')
  }
}

/** `https:` swallows an explicit port 443, so the port is read from the text. */
function portOf(text: string): number | undefined {
  const authority = /^[a-z+]+:\/\/([^/?#]*)/i.exec(text)?.[1] ?? ''
  const port = /:(\d+)$/.exec(authority.slice(authority.lastIndexOf('@') + 1))?.[1]
  return port ? Number(port) : undefined
}

function parseAfterwards(parameters: URLSearchParams): MailboxSettings['input']['afterwards'] {
  const action = parameters.get('after') ?? 'leave'
  if (action === 'leave' || action === 'seen') return { action }
  if (action === 'move') {
    const folder = parameters.get('folder')
    if (!folder) throw new Error('has after=move without folder=')
    return { action, folder }
  }
  if (action === 'delete') {
    const days = Number(parameters.get('days'))
    if (!parameters.get('days') || !Number.isInteger(days) || days < 0) throw new Error('has after=delete without days=N')
    return { action, days }
  }
  throw new Error('knows after=leave, seen, move or delete')
}
