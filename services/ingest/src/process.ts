import { type Database, type Log, type ObjectStore, ObjectStoreError } from '@ruadar/platform'
import { ReaderError, type Readers } from './reading/pool.ts'
import { createDictionary, type Dictionary } from './store/dictionary.ts'
import { openMailStore } from './store/mail.ts'
import { beginMails, type BegunMail, endMails, lockMails, rawMail, undoStarts } from './store/mails.ts'
import { noteRead } from './store/note-read.ts'
import { type EndedMail, findStanding, type MailOutcome, saveOutcomes } from './store/outcomes.ts'

export interface ProcessContext {
  database: Database
  readers: Readers
  /** Policy Domains whose reports are accepted; empty accepts all. */
  domains: readonly string[]
  /** Whether mails with failure reports may keep the bodies of the messages shown. */
  sampleBodies: boolean
  /** Holds raw mails that are not in the database; null: there is none. */
  objects?: ObjectStore | null
  log: Log
}

/**
 * How often a mail may be begun. Ordinary crashes and restarts do not come near; a mail that ends the whole process each time does.
 */
const mostStarts = 20
/** Bytes of mails that are read together. */
const togetherBytes = 4 * 1024 * 1024
/** Deadlock, serialization failure, and a key that another transaction has just taken: the next try sees it. */
const passing = new Set(['40P01', '40001', '23505'])

/**
 * Takes stored mails from raw bytes to rows: small ones together in one transaction, large ones and those that were begun before
 * one by one. Harmless to repeat: a mail that is done, or in another process's hands, is left alone. Throws when the database is
 * away: the queue asks again.
 */
export function createProcessor(context: ProcessContext): (mailIds: readonly number[]) => Promise<void> {
  const { database, log } = context
  const dictionary = createDictionary(database.db)
  return async (mailIds) => {
    const begun = await beginMails(database.db, mailIds, context.objects ?? null)
    const alone = new Set(begun)
    for (const mails of groups(begun)) {
      try {
        for (const mail of await readTogether(context, dictionary, mails)) alone.delete(mail)
      } catch (error) {
        // One of them is the reason, and which one shows when each is read alone.
        log.debug({ err: error, mails: mails.map(({ id }) => id) }, 'mails could not be read together')
      }
    }
    for (const mail of alone) await readAlone(context, dictionary, mail)
  }
}

type SmallMail = BegunMail & { raw: Buffer }

/** Mails that may be read together: small ones whose first start this is. */
function groups(begun: readonly BegunMail[]): SmallMail[][] {
  const found: SmallMail[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const mail of begun.filter((it): it is SmallMail => it.raw !== null && it.starts === 1)) {
    if (bytes + mail.raw.length > togetherBytes) {
      found.push([])
      bytes = 0
    }
    bytes += mail.raw.length
    found.at(-1)?.push(mail)
  }
  return found
}

/** Returns those that are done. */
async function readTogether(context: ProcessContext, dictionary: Dictionary, mails: readonly SmallMail[]): Promise<SmallMail[]> {
  const { database, readers, domains, sampleBodies, objects = null, log } = context
  const events = await readers.readMany(mails)
  const read = mails.flatMap((mail, index) => {
    const found = events[index]
    return found ? [{ mail, found }] : []
  })
  const ended = await database.db.transaction().execute(async (trx) => {
    const mine = new Set(
      await lockMails(
        trx,
        read.map(({ mail }) => mail.id),
      ),
    )
    const store = await openMailStore(trx, dictionary, domains, [...mine])
    for (const { mail, found } of read) {
      if (!mine.has(mail.id)) continue
      store.begin(mail)
      for (const event of found) await store.take(event)
    }
    const done = await store.finish()
    await endMails(trx, done, { sampleBodies, objects })
    return done
  })
  noteRead(log, ended)
  return read.map(({ mail }) => mail)
}

async function readAlone(context: ProcessContext, dictionary: Dictionary, { id, starts }: BegunMail): Promise<void> {
  const { database, log } = context
  try {
    if (starts > mostStarts) throw new Quarantine('too_many_starts', `Reading was begun ${mostStarts} times and never came to an end.`)
    await withSecondTry(() => streamIntoStore(context, dictionary, id))
  } catch (error) {
    if (error instanceof ObjectStoreError) await undoStarts(database.db, [id])
    const outcome = toOutcome(error)
    if (!outcome) throw error
    log.warn({ mail: id, code: outcome.code, err: error }, 'mail quarantined')
    const ended = await database.db.transaction().execute(async (trx): Promise<EndedMail> => {
      // What an earlier reading brought stays: a reader that dies or runs out of time says nothing about what the mail holds.
      const mail = { id, outcomes: [outcome, ...(await findStanding(trx, id))], envelope: undefined }
      await saveOutcomes(trx, [mail])
      return mail
    })
    noteRead(log, [ended])
  }
}

async function streamIntoStore(
  { database, readers, domains, sampleBodies, objects = null, log }: ProcessContext,
  dictionary: Dictionary,
  id: number,
): Promise<void> {
  const ended = await database.db.transaction().execute(async (trx) => {
    const [mine] = await lockMails(trx, [id])
    if (mine === undefined) return []
    const { raw, ...locked } = await rawMail(trx, mine, objects)
    if (!raw) throw new Quarantine('raw_missing', 'The object storage no longer has this mail.')
    const mail = { ...locked, raw }
    const store = await openMailStore(trx, dictionary, domains, [mine])
    store.begin(mail)
    for await (const batch of readers.read(mail)) for (const event of batch) await store.take(event)
    const done = await store.finish()
    await endMails(trx, done, { sampleBodies, objects })
    return done
  })
  noteRead(log, ended)
}

/** Two mails that lock each other out, or a reader that died: once more. What fails twice is not by chance. */
async function withSecondTry(run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    const again = (error instanceof ReaderError && error.code !== 'read_timeout') || passing.has((error as { code?: string }).code ?? '')
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
