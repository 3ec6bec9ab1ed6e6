import { createServer, type IncomingHttpHeaders } from 'node:http'

export interface ReceivedPost {
  path: string
  headers: IncomingHttpHeaders
  /** As it came; `json` is the same, parsed. */
  body: string
  json: unknown
}

export interface WebHooks {
  /** Of loopback, without a path. */
  url: string
  posts: ReceivedPost[]
  /** What is answered from now on; `hang` answers nothing at all. */
  answer: { status: number; body: string; headers: Record<string, string>; hang: boolean }
  close(): Promise<void>
}

/** An HTTP server that keeps what is posted to it, as chat services and webhooks would receive it. */
export async function startWebHooks(): Promise<WebHooks> {
  const posts: ReceivedPost[] = []
  const answer: WebHooks['answer'] = { status: 200, body: 'ok', headers: {}, hang: false }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      posts.push({ path: request.url ?? '', headers: request.headers, body, json: JSON.parse(body) })
      if (!answer.hang) response.writeHead(answer.status, { connection: 'close', ...answer.headers }).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    posts,
    answer,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
