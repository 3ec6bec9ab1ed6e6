import { isIP } from 'node:net'
import { Agent, request } from 'undici'
import { type ChannelTarget, DeliveryError, type Network } from './channel.ts'
import { guardLookup, isPrivateAddress, privateAddress } from './private-address.ts'

/** No answer of a chat is longer than it takes to say what is wrong. */
const answerBytes = 4096
const longestPauseMs = 24 * 3_600_000

export interface Post {
  url: string
  headers?: Record<string, string>
  body: string
  /** Reads a wait in seconds out of the body of a 429; Retry-After is always read. */
  retryAfterOf?: (body: string) => number | null
}

/**
 * Posts JSON and gives status and start of the answer. Redirects are not followed: they could lead anywhere. Throws a DeliveryError.
 */
export async function post(
  { kind }: Pick<ChannelTarget, 'kind'>,
  { url, headers, body, retryAfterOf }: Post,
  network: Network,
): Promise<string> {
  const { hostname, protocol, host } = addressOf(url, network)
  const agent = new Agent({
    connections: 1,
    connect: { timeout: network.connectMs, lookup: network.allowPrivate ? network.lookup : guardLookup(network.lookup) },
  })
  const signal = AbortSignal.any([AbortSignal.timeout(network.wholeMs), network.stopping])
  try {
    if (!network.allowPrivate && isIP(hostname) !== 0 && isPrivateAddress(hostname)) throw privateAddress(hostname)
    if (!network.allowPrivate && protocol !== 'https:')
      throw new DeliveryError('The address has to start with https://.', { lasting: true })
    const response = await request(url, {
      method: 'POST',
      dispatcher: agent,
      signal,
      headers: { 'content-type': 'application/json', 'user-agent': 'Ruadar', ...headers },
      body,
    })
    const said = await startOf(response.body)
    const status = `HTTP ${response.statusCode}`
    const answer = said ? `${status}: ${said}` : status
    if (response.statusCode >= 200 && response.statusCode < 300) return answer
    throw refusal(response.statusCode, answer, retryAfter(response.headers['retry-after'], said, retryAfterOf))
  } catch (error) {
    throw error instanceof DeliveryError ? error : describe(error, host, kind, network)
  } finally {
    await agent.destroy()
  }
}

function addressOf(url: string, network: Network): { hostname: string; host: string; protocol: string } {
  if (!URL.canParse(url)) throw new DeliveryError('The address is not a URL.', { lasting: true })
  const { hostname, host, protocol, username } = new URL(url)
  if (!['http:', 'https:'].includes(protocol)) throw new DeliveryError('The address has to start with https://.', { lasting: true })
  if (username !== '') throw new DeliveryError('The address must not hold a user name.', { lasting: true })
  return { hostname: hostname.replace(/^\[|\]$/g, ''), host: network.allowPrivate ? host : hostname, protocol }
}

async function startOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= answerBytes) break
  }
  return Buffer.concat(chunks).subarray(0, answerBytes).toString('utf8').trim()
}

function refusal(status: number, answer: string, retryAfterMs: number | null): DeliveryError {
  if (status >= 300 && status < 400) {
    return new DeliveryError(`${answer} The address redirects, which is not followed: enter the one that it leads to.`, { lasting: true })
  }
  // 408 and 425 ask for another try, 429 for a later one; whatever else is wrong with a request stays wrong.
  const lasting = status < 500 && ![408, 425, 429].includes(status)
  return new DeliveryError(answer, { lasting, retryAfterMs: status === 429 || status === 503 ? retryAfterMs : null })
}

function retryAfter(header: string | string[] | undefined, body: string, fromBody: Post['retryAfterOf']): number | null {
  const text = Array.isArray(header) ? header[0] : header
  const seconds = text === undefined ? (fromBody?.(body) ?? null) : Number(text)
  const ms = seconds === null ? null : Number.isNaN(seconds) ? Date.parse(text ?? '') - Date.now() : seconds * 1000
  return ms === null || Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), longestPauseMs)
}

function describe(error: unknown, host: string, kind: string, { wholeMs, connectMs }: Network): DeliveryError {
  const { code = '', name, message } = error as { code?: string; name?: string; message?: string }
  const cause = { cause: error }
  if (name === 'TimeoutError') return new DeliveryError(`${host} did not answer within ${wholeMs / 1000} s.`, cause)
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return new DeliveryError(`${host} could not be connected to within ${connectMs / 1000} s.`, cause)
  if (code === 'ENOTFOUND') return new DeliveryError(`There is no host ${host}.`, cause)
  if (code === 'EAI_AGAIN') return new DeliveryError(`The name ${host} cannot be looked up now.`, cause)
  if (code === 'ECONNREFUSED') return new DeliveryError(`${host} refuses connections.`, cause)
  if (/CERT|SIGNED|ISSUER|SIGNATURE/.test(code)) return new DeliveryError(`The certificate of ${host} cannot be trusted (${code}).`, cause)
  return new DeliveryError(`${host} cannot be used for ${kind}: ${message ?? code}.`, cause)
}
