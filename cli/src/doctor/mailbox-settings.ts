import { countMailboxSettings, readMailboxes } from '@ruadar/ingest'
import type { Db, Settings } from '@ruadar/platform'
import { bad, type Finding } from './check.ts'

const cure = 'give all ingest processes the same RUADAR_IMAP_URL and RUADAR_CONFIG, and start them again.'

/** Ingest processes whose settings name different mailboxes switch off each other's; nothing is said when all is well. */
export async function checkMailboxSettings(db: Db, { mailboxes }: Pick<Settings, 'mailboxes'>): Promise<Finding[]> {
  const findings: Finding[] = []
  const sets = await countMailboxSettings(db)
  if (sets > 1) {
    findings.push(bad('mailbox settings', `Ingest runs with ${sets} different sets of mailboxes, which switch each other off; ${cure}`))
  }
  const ours = new Map(mailboxes.map(({ key, input }) => [key, input]))
  for (const { settingsKey, enabled, definition } of await readMailboxes(db)) {
    const input = settingsKey === null ? undefined : ours.get(settingsKey)
    if (enabled || !input || input.enabled === false) continue
    findings.push(bad(`mailbox ${definition.name}`, `These settings name it, a process with other settings switched it off; ${cure}`))
  }
  return findings
}
