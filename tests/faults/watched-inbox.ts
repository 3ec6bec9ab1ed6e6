import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '@ruadar/platform'
import type { Dovecot } from '../harness/dovecot.ts'
import { findStored, type SentMail } from './sent-mails.ts'

/** An INBOX as its file system shows it, with an account of every mail that ever was in it. */
export interface WatchedInbox {
  deliver(mails: readonly SentMail[]): void
  /** Mails that are in it now. */
  present(): SentMail[]
  /** Says that another client takes this mail away: it need not be in the database. */
  excuse(mail: SentMail): void
  /** Where the mail lies. Undefined: it is gone. */
  fileOf(mail: SentMail): string | undefined
  /** Mails that were gone from the folder before the database had them. */
  stop(): Promise<SentMail[]>
}

/** Looks again and again whether a mail has left the folder that is not committed. */
export function watchInbox(dovecot: Dovecot, user: string, database: Database): WatchedInbox {
  const files = new Map<string, SentMail>()
  const excused = new Set<SentMail>()
  const checked = new Set<SentMail>()
  const lost: SentMail[] = []
  let isStopped = false

  /** First new/, then cur/: a mail goes only this way, and is in one of them. */
  const list = () =>
    ['new', 'cur'].flatMap((part) => {
      const folder = join(dovecot.maildir(user), part)
      return readdirSync(folder).map((name) => join(folder, name))
    })
  const baseOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).replace(/[,:].*$/, '')
  const present = () => {
    const seen = new Set(list().map(baseOf))
    for (const path of list()) seen.add(baseOf(path)) // a second look: one whose flags change has no name for a moment
    return [...files].filter(([file]) => seen.has(file)).map(([, mail]) => mail)
  }
  const watching = (async () => {
    while (!isStopped) {
      const before = [...files.values()]
      const here = new Set(present())
      const gone = before.filter((mail) => !here.has(mail) && !checked.has(mail))
      // A database that is away at the moment is asked again; what is gone stays gone.
      const stored = await findStored(database, gone).then(
        (mails) => new Set(mails),
        () => null,
      )
      for (const mail of stored ? gone : []) {
        checked.add(mail)
        if (!stored?.has(mail) && !excused.has(mail)) lost.push(mail)
      }
      await sleep(30)
    }
  })()
  return {
    deliver(mails) {
      for (const mail of mails) files.set(dovecot.addMail(user, 'INBOX', mail.raw), mail)
    },
    present,
    excuse: (mail) => void excused.add(mail),
    fileOf: (mail) => list().find((path) => files.get(baseOf(path)) === mail),
    async stop() {
      isStopped = true
      await watching
      return lost
    },
  }
}
