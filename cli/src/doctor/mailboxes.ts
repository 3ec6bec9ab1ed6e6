import { openDefinition, readMailboxes, testMailbox } from '@ruadar/ingest'
import { type Db, describeError, type Settings } from '@ruadar/platform'
import { bad, type Finding, good } from './check.ts'

type Definition = Parameters<typeof testMailbox>[0]

/** Signs in to every mailbox that is enabled: those of the settings with their secrets from there, those of the page with theirs. */
export async function checkMailboxes(db: Db, settings: Settings): Promise<Finding[]> {
  const accounts: { name: string; allowPlain: boolean; open(): Definition }[] = settings.mailboxes.map(({ input, allowPlain }) => ({
    name: input.name,
    allowPlain,
    open: () => input,
  }))
  for (const row of await readMailboxes(db)) {
    if (row.settingsKey !== null || !row.enabled) continue
    accounts.push({ name: row.definition.name, allowPlain: false, open: () => openDefinition(row, settings.secretKey) })
  }
  if (accounts.length === 0) return [bad('mailbox', 'There is none; set RUADAR_IMAP_URL or add one on the page.')]
  return Promise.all(
    accounts.map(async ({ name, allowPlain, open }) => {
      const what = `mailbox ${name}`
      try {
        const { ok, message } = await testMailbox(open(), { allowPlain })
        return ok ? good(what, message) : bad(what, message)
      } catch (error) {
        return bad(what, describeError(error))
      }
    }),
  )
}
