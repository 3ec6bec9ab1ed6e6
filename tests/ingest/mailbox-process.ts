import { openDatabase, type MailboxSettings } from '@ruadar/platform'
import { watchMailboxes } from '../harness/mailboxes.ts'

// An ingest process of its own, for tests that kill one: DATABASE_URL and one mailbox as arguments.
const [url = '', mailbox = ''] = process.argv.slice(2)
const database = await openDatabase(url, { name: 'other process' })
await watchMailboxes(database, [JSON.parse(mailbox) as MailboxSettings])
process.stdout.write('watching\n')
