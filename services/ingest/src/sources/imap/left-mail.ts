import { sql } from '@ruadar/platform'
import type { ImapFlow } from 'imapflow'
import type { Intake } from '../../intake.ts'
import { settle, type AfterwardsContext } from './afterwards.ts'
import { assertHeld } from './fence.ts'
import { inDatabase } from './folder-progress.ts'

interface LeftMail {
  id: number
  uid: number
  subject: string | null
  sender: string | null
}

/** Each costs a command of its own; what goes beyond is tried the next time. */
const atOnce = 100

/**
 * Tries again to fetch mails that were left in the open folder: the operator may have raised RUADAR_MAIL_MAX_BYTES, or the
 * server may have been mended. What comes in takes the place of its entry in quarantine. Rejects when the server ends the
 * connection over one of them.
 */
export async function fetchLeftMails(context: AfterwardsContext, intake: Intake, storedUid: number): Promise<void> {
  const { client, db, key, mailMaxBytes } = context
  const { mailboxId, folder } = key
  const statement = sql<LeftMail>`
    select id, uid, subject, sender from mails
    where mailbox_id = ${mailboxId} and folder = ${folder} and raw is null and raw_object is null and uid <= ${storedUid} and size <= ${mailMaxBytes}
    order by id limit ${atOnce}`
  for (const left of (await inDatabase(() => statement.execute(db))).rows) {
    const raw = await fetchLeft(client, left, mailMaxBytes)
    if (!raw) continue
    const item = { raw, origin: 'imap' as const, mailboxId, folder, uid: left.uid }
    await inDatabase(() =>
      intake([item], async (trx) => {
        await assertHeld(trx, key)
        await sql`delete from mails where id = ${left.id} and raw is null and raw_object is null`.execute(trx)
      }),
    )
    await settle(context, left.uid, left.uid)
  }
}

/** Null when the mail is gone, is still too large, or another mail has its UID since a change of UIDVALIDITY. */
async function fetchLeft(client: ImapFlow, left: LeftMail, mailMaxBytes: number): Promise<Buffer | null> {
  const query = { uid: true, envelope: true, source: { start: 0, maxLength: mailMaxBytes + 1 } }
  const found = await client.fetchOne(String(left.uid), query, { uid: true })
  if (!found || !found.source || found.source.length > mailMaxBytes) return null
  const { subject, from } = found.envelope ?? {}
  const same =
    left.subject === null || (left.subject === subject?.slice(0, left.subject.length) && left.sender === (from?.[0]?.address ?? null))
  return same ? found.source : null
}
