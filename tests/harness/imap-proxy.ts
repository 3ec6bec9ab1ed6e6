import { createConnection, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { rewriteLines } from './imap-lines.ts'

/**
 * What a network or a server does to a connection: it ends in good order, is reset, or says nothing more and stays open. Either after so many
 * bytes of answers, or at a command, which reaches the server or does not.
 */
export type ConnectionFault = { act: 'end' | 'reset' | 'stall' } & ({ afterBytes: number } | { at: RegExp; reaches: boolean })

export interface ImapProxy {
  port: number
  /** Injected one after the other; what has happened is taken off. */
  faults: ConnectionFault[]
  injected: ConnectionFault[]
  /** Given each line of an answer, literals left out; what it returns is passed on. */
  rewrite: (line: string) => string
  /** Of answers, over all connections. */
  bytesPerSecond: number
  connections(): number
  close(): Promise<void>
}

/** Stands between a client and an IMAP server without TLS, both on loopback, and does to their connections what it is told. */
export async function startImapProxy(serverPort: number): Promise<ImapProxy> {
  const open = new Set<Socket>()
  let passed = 0
  const server = createServer((client) => {
    const upstream = createConnection({ host: '127.0.0.1', port: serverPort })
    let isStalled = false
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    function inject(fault: ConnectionFault): void {
      proxy.faults.shift()
      proxy.injected.push(fault)
      passed = 0
      if (fault.act === 'stall') isStalled = true
      else if (fault.act === 'reset') client.resetAndDestroy()
      else client.end(() => client.destroy())
      if (fault.act !== 'stall') upstream.end()
    }
    const lines = rewriteLines((line) => proxy.rewrite(line))
    const answer = async (chunk: Buffer) => {
      const bytes = lines(chunk)
      const [fault] = proxy.faults
      if (isStalled || client.destroyed) return
      if (fault && 'afterBytes' in fault && passed + bytes.length >= fault.afterBytes) {
        client.write(bytes.subarray(0, fault.afterBytes - passed))
        return inject(fault)
      }
      passed += bytes.length
      client.write(bytes)
      if (Number.isFinite(proxy.bytesPerSecond)) await sleep((bytes.length / proxy.bytesPerSecond) * 1000)
    }
    upstream.on('data', (chunk) => {
      upstream.pause()
      void answer(chunk).then(() => upstream.resume())
    })
    client.on('data', (chunk) => {
      const [fault] = proxy.faults
      const isMeant = fault && 'at' in fault && fault.at.test(chunk.toString('latin1'))
      if (isStalled) return
      if (!isMeant || fault.reaches) upstream.write(chunk)
      if (isMeant) inject(fault)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: ImapProxy = {
    port: (server.address() as { port: number }).port,
    faults: [],
    injected: [],
    rewrite: (line) => line,
    bytesPerSecond: Number.POSITIVE_INFINITY,
    connections: () => open.size / 2,
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}
