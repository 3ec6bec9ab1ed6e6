import { setTimeout as delay } from 'node:timers/promises'
import { describeError, sql } from '@ruadar/platform'
import type { Account } from './connect.ts'
import { createLeases } from './lease.ts'
import { createAccessTokens } from './oauth.ts'
import { watchMailbox, type Watch } from './watch.ts'
import { sessionName } from './settings-session.ts'
import { mayTake, mustGive } from './spread.ts'
import { markDisabled, openDefinition, readMailboxes, saveRefreshToken, saveSettingsMailboxes, type MailboxRow } from './mailbox-table.ts'
import type { Source, SourceContext } from '../source.ts'

/** Who looks so often in a lease's time takes over soon after it has ended: every 5 s with the default. */
const looksInLease = 3

interface Running {
  revision: number
  watch: Watch
}

/** A process that starts with others leaves them a chance between two mailboxes that it takes: what is moved later is connected anew. */
const betweenTakes = 200

/**
 * Watches the mailboxes of the table `mailboxes`, each in exactly one of the processes that call this on the same database, each process
 * its share of them: adds, restarts and ends watches as rows come, change, are disabled or deleted. Mailboxes of the settings are put into the
 * table first. Rejects only when that fails; later faults are logged and tried again. `everySeconds`: how often it looks.
 */
export async function startMailboxes(context: SourceContext & { everySeconds?: number }): Promise<Source> {
  const { database, settings, log } = context
  const { db } = database
  const stop = new AbortController()
  const running = new Map<number, Running>()
  const ending = new Set<Promise<void>>()
  const leases = createLeases(database.directUrl, {
    log,
    onLost: endAll,
    name: sessionName(settings),
    leaseSeconds: settings.leaseSeconds,
  })
  for (const name of await saveSettingsMailboxes(db, settings.mailboxes))
    log.warn(
      { mailbox: name },
      'A mailbox of earlier settings, or of another process, is not in the settings of this one and was switched off',
    )
  await markDisabled(db)

  function end(id: number): Promise<void> {
    const entry = running.get(id)
    running.delete(id)
    if (!entry) return Promise.resolve()
    const closing = entry.watch.close().finally(() => ending.delete(closing))
    ending.add(closing)
    return closing
  }
  function endAll(): void {
    for (const id of [...running.keys()]) end(id).catch(noteFailure)
  }
  function noteFailure(error: unknown): void {
    log.error({ err: error }, 'A mailbox did not end well')
  }
  /** Ends what is under way and only then lets others have it. */
  async function release(id: number): Promise<void> {
    await end(id)
    await leases.free(id)
  }
  async function giveOne(): Promise<void> {
    const last = [...running.keys()].at(-1)
    if (last === undefined) return
    log.info({ mailbox: last }, 'A mailbox goes to a process that watches fewer')
    await release(last)
  }

  async function reconcile(): Promise<void> {
    await leases.check()
    await Promise.all(ending) // after a lost session: what is ending must not meet its own successor
    const rows = new Map((await readMailboxes(db)).map((row) => [row.id, row]))
    for (const [id, { revision }] of [...running]) {
      const row = rows.get(id)
      if (row?.enabled && row.revision === revision) continue
      await end(id)
      if (!row?.enabled) await leases.free(id)
    }
    await markDisabled(db)
    const wanted = [...rows.values()].filter(
      ({ enabled, settingsKey }) => enabled && (settingsKey === null || settings.mailboxes.some(({ key }) => key === settingsKey)),
    )
    if (mustGive(await leases.readShares(), wanted.length)) await giveOne()
    for (const row of wanted) {
      if (stop.signal.aborted) return
      if (running.has(row.id)) continue
      // One that it holds already was ended by a change of its definition.
      if (!leases.holds(row.id) && !mayTake(await leases.readShares(), wanted.length)) continue
      const lease = await leases.take(row.id)
      if (!lease) continue
      const account = await openAccount(row)
      if (!account) continue
      running.set(row.id, {
        revision: row.revision,
        watch: watchMailbox(lease, account, {
          ...context,
          pollSeconds: settings.pollSeconds,
          onLeaseLost: () => void release(row.id).catch(noteFailure),
        }),
      })
      await pauseUntil(betweenTakes)
    }
  }

  /** Null when its secrets cannot be opened; the mailbox says so. */
  async function openAccount(row: MailboxRow): Promise<Account | null> {
    const own = settings.mailboxes.find((mailbox) => mailbox.key === row.settingsKey)
    try {
      const definition = own?.input ?? openDefinition(row, settings.secretKey)
      const { auth } = definition
      const { secretKey } = settings
      const onRefreshToken = async (token: string) => {
        if (!secretKey) return
        // The account goes on with the new token in any case; the next rotation is another chance to keep one.
        await saveRefreshToken(db, row.id, token, secretKey).catch((error: unknown) => {
          log.warn({ mailbox: row.id, err: error }, 'A new refresh token could not be kept')
        })
      }
      const tokens = auth.kind === 'oauth2' ? createAccessTokens(auth, { onRefreshToken }) : null
      return {
        definition,
        allowPlain: own?.allowPlain ?? false,
        tokens,
        mailMaxBytes: settings.mailMaxBytes,
        silenceSeconds: settings.imapSilenceSeconds,
      }
    } catch (error) {
      const message = describeError(error)
      log.warn({ mailbox: row.id }, message)
      await sql`
        update mailboxes set status = 'failing', status_message = ${message}, status_at = now()
        where id = ${row.id} and (status <> 'failing' or status_message is distinct from ${message})`.execute(db)
      await leases.free(row.id)
      return null
    }
  }
  async function pauseUntil(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: stop.signal }).catch(() => undefined)
  }

  const loop = (async () => {
    while (!stop.signal.aborted) {
      try {
        await reconcile()
      } catch (error) {
        log.warn({ err: error }, 'Mailboxes could not be looked after; it is tried again')
      }
      await pauseUntil((context.everySeconds ?? settings.leaseSeconds / looksInLease) * 1000)
    }
  })()
  return {
    async close() {
      stop.abort()
      await loop
      endAll()
      await Promise.all(ending)
      await leases.close()
    },
  }
}
