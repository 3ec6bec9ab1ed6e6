import type { ImapFlow } from 'imapflow'
import { connectionEnded } from './failure.ts'

/** Tells when the open folder is worth a look. */
export interface Announcements {
  /** Resolves with 'mail' when the server announces mail, or 'poll' after `milliseconds`; rejects when the connection has ended. */
  next(milliseconds: number): Promise<'mail' | 'poll'>
}

/**
 * Listens for EXISTS from now on, so that mail which is announced while another command runs is not missed either. IDLE
 * (RFC 2177) runs only inside `next`; the next command ends it. Servers without IDLE get NOOP from imapflow.
 */
export function listen(client: ImapFlow): Announcements {
  let announced = false
  let wake: (() => void) | null = null
  client.on('exists', ({ count, prevCount }) => {
    if (count <= prevCount) return
    announced = true
    wake?.()
  })
  client.on('close', () => wake?.())
  return {
    async next(milliseconds) {
      if (!announced && client.usable) {
        client.idle().catch(() => undefined) // a failed IDLE ends the connection or is made up for by polling
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
        wake = null
      }
      if (!client.usable) throw connectionEnded()
      const reason = announced ? 'mail' : 'poll'
      announced = false
      return reason
    },
  }
}
