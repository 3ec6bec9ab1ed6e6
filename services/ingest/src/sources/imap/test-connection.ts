import type { ImapFlow } from 'imapflow'
import type { MailboxDefinition } from '../source.ts'
import { connect, type Account } from './connect.ts'
import { MailboxError, toMailboxError, type MailboxCode } from './failure.ts'
import { createAccessTokens } from './oauth.ts'

/** The contract's MailboxTest. */
export interface MailboxTestResult {
  ok: boolean
  code: MailboxCode | null
  message: string
  folders: string[]
  mails: number | null
}

/** Seconds that a person waits for an answer. */
const longest = 45

/**
 * Signs in, lists the folders and counts the mails of the chosen ones; changes nothing. Never rejects: what is wrong is in
 * the answer, with one sentence that says what to do. `input` holds its secrets. Gives up after `seconds` (45).
 */
export async function testMailbox(
  input: MailboxDefinition,
  options: { allowPlain?: boolean; seconds?: number; onRefreshToken?: (token: string) => Promise<void> } = {},
): Promise<MailboxTestResult> {
  const { auth } = input
  const { onRefreshToken } = options
  const account: Account = {
    definition: input,
    allowPlain: options.allowPlain ?? false,
    tokens: auth.kind === 'oauth2' ? createAccessTokens(auth, onRefreshToken ? { onRefreshToken } : {}) : null,
    mailMaxBytes: 1024 * 1024,
    silenceSeconds: options.seconds ?? longest,
  }
  const folders: string[] = []
  let client: ImapFlow | null = null
  const giveUp = AbortSignal.timeout((options.seconds ?? longest) * 1000)
  try {
    client = await connect(account, giveUp)
    const connected = client
    giveUp.addEventListener('abort', () => connected.close(), { once: true })
    for (const entry of await client.list()) {
      if (!entry.flags.has('\\Noselect') && !entry.flags.has('\\NonExistent')) folders.push(entry.path)
    }
    let mails = 0
    for (const folder of input.folders) mails += await countMails(client, folder, folders, input)
    const named = input.folders.join(', ')
    return { ok: true, code: null, message: `Signed in as ${input.user}; ${named}: ${mails} mails.`, folders, mails }
  } catch (error) {
    const failure = giveUp.aborted
      ? new MailboxError('timeout', `${input.host} does not answer in time: check host and port, and the firewall between.`)
      : toMailboxError(error, input)
    return { ok: false, code: failure.code, message: failure.message, folders, mails: null }
  } finally {
    client?.close()
  }
}

async function countMails(client: ImapFlow, folder: string, folders: readonly string[], input: MailboxDefinition): Promise<number> {
  try {
    const opened = await client.mailboxOpen(folder, { readOnly: true })
    return opened.exists
  } catch (error) {
    const failure = toMailboxError(error, input, folder)
    if (failure.code !== 'folder_missing') throw failure
    const known = folders.slice(0, 8).join(', ')
    throw new MailboxError('folder_missing', `The account has no folder ${folder}: choose one that exists${known ? `, as ${known}` : ''}.`)
  }
}
