import { createServer } from 'node:http'

export interface TokenServer {
  tokenUrl: string
  /** RFC 7662, for Dovecot: the token is appended. */
  introspectionUrl: string
  /** Form fields of each request for a token. */
  requests: Record<string, string>[]
  /** What the next access tokens are like; `expiresIn` in seconds. */
  issue: { expiresIn: number; refuse: boolean; rotate: boolean }
  /** Makes a token void before its time. */
  revoke(token: string): void
  issued: string[]
  close(): Promise<void>
}

/** An OAuth2 server for one mailbox user: token end point (RFC 6749) and introspection. */
export async function startTokenServer(
  user: string,
  secrets: { clientId: string; clientSecret: string; refreshToken: string },
): Promise<TokenServer> {
  const valid = new Set<string>()
  const requests: Record<string, string>[] = []
  const issued: string[] = []
  const issue = { expiresIn: 3600, refuse: false, rotate: false }
  let { refreshToken } = secrets

  function answerToken(form: Record<string, string>): { status: number; body: object } {
    requests.push(form)
    const known = form.client_id === secrets.clientId && form.client_secret === secrets.clientSecret
    const granted = form.grant_type === 'client_credentials' || (form.grant_type === 'refresh_token' && form.refresh_token === refreshToken)
    if (issue.refuse || !known || !granted)
      return { status: 400, body: { error: 'invalid_grant', error_description: 'AADSTS70008: expired' } }
    const token = `access-${issued.length + 1}`
    issued.push(token)
    valid.add(token)
    if (issue.rotate) refreshToken = `refresh-${issued.length + 1}`
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: issue.expiresIn, refresh_token: refreshToken } }
  }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    let text = ''
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    request.on('end', () => {
      const { status, body } =
        url.pathname === '/token'
          ? answerToken(Object.fromEntries(new URLSearchParams(text)))
          : { status: 200, body: valid.has(url.searchParams.get('token') ?? '') ? { active: 'true', username: user } : { active: 'false' } }
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  return {
    tokenUrl: `${origin}/token`,
    introspectionUrl: `${origin}/introspect?token=`,
    requests,
    issue,
    revoke: (token) => void valid.delete(token),
    issued,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
