import { sql, type Db, type Log } from '@ruadar/platform'
import { isHeld, type Lease } from './fence.ts'

export type MailboxState = 'connecting' | 'backfilling' | 'watching' | 'failing'

/** Gathers the states of a mailbox's folders into the one that `mailboxes` holds and pages show. */
export interface StatusBoard {
  set(folder: string, state: MailboxState, message?: string): void
  /** Writes what is still to be written. */
  close(): Promise<void>
}

/** The first that any folder is in is the mailbox's. */
const order: readonly MailboxState[] = ['failing', 'backfilling', 'connecting', 'watching']
/** A backfill tells of each batch; a page needs no more than this. */
const writeEvery = 1000

/** Who holds the mailbox no more has nothing to say of it. */
export function createStatusBoard(db: Db, lease: Lease, folders: readonly string[], log: Log): StatusBoard {
  const states = new Map<string, { state: MailboxState; message: string | null }>(
    folders.map((folder) => [folder, { state: 'connecting', message: null }]),
  )
  let written = ''
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()

  function gather(): { state: MailboxState; message: string | null } {
    const all = [...states.values()]
    const state = order.find((candidate) => all.some((entry) => entry.state === candidate)) ?? 'connecting'
    const messages = all.filter((entry) => entry.state === state && entry.message).map((entry) => entry.message)
    return { state, message: [...new Set(messages)].join(' ') || null }
  }
  async function write(): Promise<void> {
    const { state, message } = gather()
    const text = `${state} ${message}`
    if (text === written) return
    try {
      await sql`
        update mailboxes set status = ${state}, status_message = ${message}, status_at = now(),
          failing_since = case ${state}::text when 'failing' then coalesce(failing_since, now()) when 'connecting' then failing_since end
        where id = ${lease.mailboxId} and enabled and ${isHeld(lease)}`.execute(db)
      written = text
    } catch (error) {
      log.warn({ err: error }, 'The status of a mailbox could not be written')
    }
  }
  return {
    set(folder, state, message) {
      states.set(folder, { state, message: message ?? null })
      timer ??= setTimeout(
        () => {
          timer = null
          writing = write()
        },
        written === '' ? 0 : writeEvery,
      )
    },
    async close() {
      if (timer) clearTimeout(timer)
      await writing
      await write()
    },
  }
}
