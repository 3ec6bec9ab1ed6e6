import { type Database, type Db, type Log, sql } from '@ruadar/platform'
import { ReaderError, type Readers } from './reading/pool.ts'
import { createDictionary, type Dictionary } from './store/dictionary.ts'
import { type ReadMail, readIntoStore } from './store/mail.ts'
import { type MailOutcome, saveOutcomes } from './store/outcomes.ts'

export interface ProcessContext {
  database: Database
  readers: Readers
  /** Policy Domains whose reports are accepted; empty accepts all. */
  domains: readonly string[]
  /** Whether mails with failure reports may keep the bodies of the messages shown. */
  sampleBodies: boolean
  log: Log
}

/**
 * How often a mail may be begun. Ordinary crashes and restarts do not come near; a mail that ends the whole process each time does.
 */
const mostStarts = 20
const deadlock = new Set(['40P01', '40001'])

/**
 * Takes one stored mail from raw bytes to rows, in one transaction. Harmless to repeat: a mail that is done, or in
 * another process's hands, is left alone. Throws when the database is away: the queue asks again.
 */
export function createProcessor(context: ProcessContext): (mailId: number) => Promise<void> {
  const { database, log } = context
  const dictionary = createDictionary(database.db)
  return async (mailId) => {
    const starts = await countStart(database.db, mailId)
    if (starts === undefined) return
    try {
      if (starts > mostStarts) throw new Quarantine('too_many_starts', `Reading was begun ${mostStarts} times and never came to an end.`)
      await withSecondTry(() => processOnce(context, dictionary, mailId))
    } catch (error) {
      const outcome = toOutcome(error)
      if (!outcome) throw error
      log.warn({ mail: mailId, code: outcome.code, err: error }, 'mail quarantined')
      await database.db.transaction().execute((trx) => saveOutcomes(trx, mailId, [outcome], undefined))
    }
  }
}

async function processOnce(
  { database, readers, domains, sampleBodies, log }: ProcessContext,
  dictionary: Dictionary,
  mailId: number,
): Promise<void> {
  await database.db.transaction().execute(async (trx) => {
    const mail = await lockMail(trx, mailId)
    if (!mail) return
    const { outcomes, envelope, samples } = await readIntoStore(trx, dictionary, mail, readers.read(mail), domains)
    await saveOutcomes(trx, mailId, outcomes, envelope)
    if (samples.length > 0 && !sampleBodies) await reduceMail(trx, mailId, samples)
    log.debug({ mail: mailId, outcomes: outcomes.map(({ outcome }) => outcome) }, 'mail read')
  })
}

/** Counted in a commit that need not reach the disk: after a power cut a lower count does no harm. */
async function countStart(db: Db, mailId: number): Promise<number | undefined> {
  const { rows } = await sql<{ starts: number }>`
    with fast as (select set_config('synchronous_commit', 'off', true))
    update mails set starts = starts + 1 from fast where id = ${mailId} and state = 'stored' returning starts`.execute(db)
  return rows[0]?.starts
}

/**
 * Other people's mail is kept without its body: the bytes give way to what the reader made of them, to nothing when the mail held
 * several such reports. They can't be read again then with more than they say now.
 */
async function reduceMail(trx: Db, mailId: number, samples: ReadMail['samples']): Promise<void> {
  // One that was not taken has no rows: its bytes are all there is, to be read again once its domain is listed. They go by their age.
  if (samples.some(({ isStored }) => !isStored)) return
  const [only] = samples
  const reduced = samples.length === 1 && only ? only.reduced : null
  await sql`
    update mails set reduced = true, raw = ${reduced === null ? null : Buffer.from(reduced)}::bytea where id = ${mailId} and raw is not null`.execute(
    trx,
  )
}

/** Waits for whoever holds the row, if only to note when it was queued; a mail that another process has read meanwhile is no longer `stored`. */
async function lockMail(trx: Db, mailId: number): Promise<{ id: number; raw: Buffer; receivedAt: number } | undefined> {
  const { rows } = await sql<{ id: number; raw: Buffer; receivedAt: number }>`
    select id, raw, extract(epoch from stored_at)::bigint as "receivedAt"
    from mails where id = ${mailId} and state = 'stored' for update`.execute(trx)
  return rows[0]
}

/** Two mails that lock each other out, or a reader that died: once more. What fails twice is not by chance. */
async function withSecondTry(run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    const again = (error instanceof ReaderError && error.code !== 'read_timeout') || deadlock.has((error as { code?: string }).code ?? '')
    if (!again) throw error
    await run()
  }
}

class Quarantine extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** What is the mail's own fault ends in quarantine; everything else is for the queue to try again. */
function toOutcome(error: unknown): MailOutcome | undefined {
  const { code = '', message } = error as { code?: string; message: string }
  if (error instanceof ReaderError || error instanceof Quarantine) return { part: '', outcome: 'quarantined', code, message }
  // SQLSTATE classes 22 (a value that no column takes), 23 (a rule broken) and 54 (too large).
  if (/^(22|23|54)[0-9A-Z]{3}$/.test(code)) {
    return {
      part: '',
      outcome: 'quarantined',
      code: 'not_storable',
      message: `The database does not take what this mail says: ${message}.`,
    }
  }
  return undefined
}
