import type { MailboxSettings } from '@ruadar/platform'
import { testMailbox } from '../../services/ingest/src/sources/imap/test-connection.ts'

// "Test connection" in a process of its own: Node reads NODE_EXTRA_CA_CERTS when it starts.
process.stdout.write(JSON.stringify(await testMailbox(JSON.parse(process.argv[2] ?? '') as MailboxSettings['input'])))
