import { findCause } from '@ruadar/platform'
import type { ImapFlow } from 'imapflow'
import type { SourceContext } from '../source.ts'
import { assertAfterwards, prepareTarget } from './afterwards.ts'
import { backoff, pause } from './backoff.ts'
import { connect, type Account, reasonOfEnd } from './connect.ts'
import { isConnectionLost, MailboxError, toMailboxError } from './failure.ts'
import { type Lease, LeaseLost } from './fence.ts'
import { syncFolder, type Folder } from './folder.ts'
import { listen } from './idle.ts'
import { createStatusBoard, type StatusBoard } from './status.ts'
import { createSuspects } from './suspects.ts'

/** A mailbox that is being watched. `close` ends its connections, after the transaction that is under way. */
export interface Watch {
  close(): Promise<void>
}

/** Seconds. RFC 2177: a server may end an IDLE after 29 minutes without activity. */
const longestIdle = 25 * 60

export type WatchContext = Pick<SourceContext, 'database' | 'intake' | 'log'> & {
  pollSeconds: number
  /** Called when it shows that another process has the mailbox: close this watch. */
  onLeaseLost(): void
}

/** Watches all folders of a mailbox, each over a connection of its own, until it is closed. Gives up only what is another's. */
export function watchMailbox(lease: Lease, account: Account, context: WatchContext): Watch {
  const stop = new AbortController()
  const { definition, mailMaxBytes } = account
  const { database, intake } = context
  const log = context.log.child({ mailbox: lease.mailboxId, name: definition.name })
  const board = createStatusBoard(database.db, lease, definition.folders, log)
  const watches = [...new Set(definition.folders)].map((name) => {
    const folder: Folder = {
      lease,
      name,
      afterwards: definition.afterwards,
      mailMaxBytes,
      suspects: createSuspects(),
      database,
      intake,
      log,
      tendedAt: null,
    }
    return watchFolder(folder, account, { ...context, log }, board, stop.signal)
  })
  return {
    async close() {
      stop.abort()
      await Promise.all(watches)
      await board.close()
    },
  }
}

async function watchFolder(
  folder: Folder,
  account: Account,
  context: WatchContext,
  board: StatusBoard,
  signal: AbortSignal,
): Promise<void> {
  const { log } = context
  let failures = 0
  while (!signal.aborted) {
    try {
      await watchConnection(folder, account, context, board, signal, () => {
        failures = 0
      })
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof LeaseLost) {
        log.warn({ folder: folder.name }, error.message)
        return context.onLeaseLost()
      }
      // A connection that had worked and is lost is the everyday case, told as such until a new one fails.
      const everyday = failures === 0 && isConnectionLost(error)
      failures++
      const failure = toMailboxError(error, account.definition, folder.name)
      const milliseconds = everyday ? backoff(1, 'failed') : backoff(failures, failure.code)
      board.set(folder.name, everyday ? 'connecting' : 'failing', failure.message)
      const cause = findCause(failure.cause)
      const state = { folder: folder.name, code: failure.code, failures, milliseconds }
      if (everyday) log.info({ ...state, ...(cause ? { reason: cause.reason } : { err: failure.cause }) }, failure.message)
      else log.warn({ ...state, err: failure.cause }, failure.message)
      await pause(milliseconds, signal)
    }
  }
}

/** Lives as long as one connection; rejects with the reason of its end. */
async function watchConnection(
  folder: Folder,
  account: Account,
  { log, pollSeconds }: WatchContext,
  board: StatusBoard,
  signal: AbortSignal,
  onSuccess: () => void,
): Promise<void> {
  assertAfterwards(account.definition)
  const client = await connect(account, signal)
  const abort = () => client.close()
  signal.addEventListener('abort', abort, { once: true })
  try {
    if (signal.aborted) return
    const announcements = listen(client)
    await prepareTarget(client, folder.afterwards)
    await openFolder(client, folder)
    for (;;) {
      let fetching = false
      await syncFolder(client, folder, ({ remaining, stored }) => {
        fetching = true
        if (remaining > 0) board.set(folder.name, 'backfilling')
        if (stored > 0) onSuccess()
      })
      onSuccess()
      board.set(folder.name, 'watching')
      if (fetching) log.info({ folder: folder.name }, 'The folder is complete')
      const reason = await announcements.next(Math.min(pollSeconds, longestIdle) * 1000)
      // Opening it again shows what a server without IDLE keeps to itself, and a changed UIDVALIDITY.
      if (reason === 'poll') await openFolder(client, folder)
    }
  } catch (error) {
    throw reasonOfEnd(client, error)
  } finally {
    signal.removeEventListener('abort', abort)
    client.close()
  }
}

/** Opens it read-only (EXAMINE) when nothing is to be changed, so that nothing can be. */
async function openFolder(client: ImapFlow, folder: Folder): Promise<void> {
  const readOnly = folder.afterwards.action === 'leave'
  const opened = await client.mailboxOpen(folder.name, { readOnly })
  if (!readOnly && opened.readOnly) {
    throw new MailboxError(
      'failed',
      `${folder.name} is read-only for this user: choose to leave mails as they are, or give the user the right to change them.`,
    )
  }
}
