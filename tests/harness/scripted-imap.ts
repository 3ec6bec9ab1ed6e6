import { createServer, type Socket } from 'node:net'

export interface ScriptedMail {
  uid: number
  /** What RFC822.SIZE says, whatever the truth is. */
  statedSize: number
  body: string
}

export interface ScriptedImap {
  port: number
  /** Sequence sets of the commands that fetched bodies, in order. */
  fetched: string[]
  close(): Promise<void>
}

/**
 * An IMAP server that lies, for what no honest server does. It knows the commands that are used here and no more.
 * It ignores the partial of BODY.PEEK[]<0.n>. `arrange` may reorder, add or leave out the mails of an answer with bodies.
 */
export async function startScriptedImap(
  mails: readonly ScriptedMail[],
  arrange: (chosen: ScriptedMail[]) => ScriptedMail[] = (chosen) => chosen,
): Promise<ScriptedImap> {
  const fetched: string[] = []
  const sockets = new Set<Socket>()

  function answer(socket: Socket, line: string): void {
    const [tag = '', command = '', second = '', set = '', ...rest] = line.split(' ')
    const say = (text: string) => socket.write(`${text}\r\n`)
    const name = command === 'UID' ? `UID ${second}`.toUpperCase() : command.toUpperCase()
    if (name === 'CAPABILITY') say('* CAPABILITY IMAP4rev1')
    if (name === 'LIST') say('* LIST () "/" INBOX')
    if (name === 'EXAMINE') {
      say(`* ${mails.length} EXISTS`)
      say('* OK [UIDVALIDITY 7] valid')
      say(`* OK [UIDNEXT ${(mails.at(-1)?.uid ?? 0) + 1}] next`)
    }
    if (name === 'UID SEARCH')
      say(
        `* SEARCH ${inSet(line.split(' ').at(-1) ?? '')
          .map((mail) => mail.uid)
          .join(' ')}`,
      )
    if (name === 'UID FETCH') {
      const withBody = rest.join(' ').includes('BODY.PEEK[]')
      if (withBody) fetched.push(set)
      for (const mail of withBody ? arrange(inSet(set)) : inSet(set)) {
        const head = `* ${mails.indexOf(mail) + 1} FETCH (UID ${mail.uid}`
        if (withBody) say(`${head} BODY[] {${Buffer.byteLength(mail.body)}}\r\n${mail.body})`)
        else say(`${head} RFC822.SIZE ${mail.statedSize} INTERNALDATE "01-Mar-2026 10:00:00 +0000")`)
      }
    }
    say(`${tag} OK done`)
  }
  function inSet(set: string): ScriptedMail[] {
    const ranges = set.split(',').map((range) => range.split(':').map((end) => (end === '*' ? Number.POSITIVE_INFINITY : Number(end))))
    return mails.filter(({ uid }) => ranges.some(([from = 0, to = from]) => uid >= from && uid <= to))
  }
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.write('* OK ready\r\n')
    let pending = ''
    socket.on('data', (chunk) => {
      const lines = (pending + chunk.toString()).split('\r\n')
      pending = lines.pop() ?? ''
      for (const line of lines) answer(socket, line)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as { port: number }).port,
    fetched,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
