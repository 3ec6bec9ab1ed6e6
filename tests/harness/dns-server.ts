import { createSocket, type RemoteInfo } from 'node:dgram'
import packet from 'dns-packet'

/** What a name has, by type; a name that is not in the zone does not exist (NXDOMAIN), a type that it lacks is NODATA. */
export type Zone = Record<string, { PTR?: string[]; A?: string[]; AAAA?: string[]; TXT?: string[]; CNAME?: string[] }>

/** How the server answers instead of by its zone. */
export type Manner =
  | { kind: 'honest' }
  /** No answer, ever. */
  | { kind: 'silent' }
  | { kind: 'late'; ms: number }
  /** An answer that says it was cut (TC) and holds nothing; there is no TCP to ask again by. */
  | { kind: 'truncated' }
  /** Bytes that are no DNS message. */
  | { kind: 'garbage' }
  | { kind: 'failing'; rcode: 'SERVFAIL' | 'REFUSED' }

export interface DnsServer {
  /** As RUADAR_DNS takes it. */
  address: string
  zone: Zone
  manner: Manner
  /** Every question so far, as `TYPE name`. */
  asked: string[]
  close(): Promise<void>
}

/** A name server on loopback, by UDP. */
export async function startDnsServer(zone: Zone = {}): Promise<DnsServer> {
  const socket = createSocket('udp4')
  const timers = new Set<NodeJS.Timeout>()
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const server: DnsServer = {
    address: `127.0.0.1:${socket.address().port}`,
    zone,
    manner: { kind: 'honest' },
    asked: [],
    async close() {
      for (const timer of timers) clearTimeout(timer)
      await new Promise<void>((resolve) => socket.close(resolve))
    },
  }
  socket.on('message', (message, from) => {
    const query = packet.decode(message)
    const [question] = query.questions ?? []
    if (!question) return
    const name = question.name.toLowerCase()
    server.asked.push(`${question.type} ${name}`)
    const { manner } = server
    const send = (bytes: Buffer, to: RemoteInfo = from) => socket.send(bytes, to.port, to.address)
    if (manner.kind === 'silent') return
    if (manner.kind === 'garbage') return send(Buffer.from('not a message of the DNS'))
    const answer = packet.encode(answerOf(server, query, question.type, name))
    if (manner.kind !== 'late') return send(answer)
    const timer = setTimeout(() => {
      timers.delete(timer)
      send(answer)
    }, manner.ms)
    timers.add(timer)
  })
  return server
}

const rcodes = { NXDOMAIN: 3, SERVFAIL: 2, REFUSED: 5 }

function answerOf({ zone, manner }: DnsServer, query: packet.Packet, type: string, name: string): packet.Packet {
  const answers = manner.kind === 'truncated' || manner.kind === 'failing' ? [] : find(zone, type, name)
  const rcode = manner.kind === 'failing' ? rcodes[manner.rcode] : answers === null ? rcodes.NXDOMAIN : 0
  return {
    type: 'response',
    id: query.id ?? 0,
    flags: packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | (manner.kind === 'truncated' ? packet.TRUNCATED_RESPONSE : 0) | rcode,
    questions: query.questions ?? [],
    answers: answers ?? [],
  }
}

/** Follows CNAMEs as a resolver does; null: the name does not exist. */
function find(zone: Zone, type: string, name: string): packet.Answer[] | null {
  const found = zone[name]
  if (!found) return null
  const [target] = found.CNAME ?? []
  const alias: packet.Answer[] = target === undefined ? [] : [{ type: 'CNAME', name, data: target, ttl: 60 }]
  if (target !== undefined && type !== 'CNAME') return [...alias, ...(find(zone, type, target) ?? [])]
  if (type === 'CNAME') return alias
  if (type === 'TXT') return (found.TXT ?? []).map((text) => ({ type: 'TXT', name, data: text.match(/.{1,255}/gs) ?? [''], ttl: 60 }))
  if (type === 'PTR') return (found.PTR ?? []).map((data) => ({ type: 'PTR', name, data, ttl: 60 }))
  if (type === 'A') return (found.A ?? []).map((data) => ({ type: 'A', name, data, ttl: 60 }))
  if (type === 'AAAA') return (found.AAAA ?? []).map((data) => ({ type: 'AAAA', name, data, ttl: 60 }))
  return []
}
