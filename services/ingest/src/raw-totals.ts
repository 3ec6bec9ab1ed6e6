import { type Database, type ObjectStore, sql } from '@ruadar/platform'
import { smallBytes } from './intake.ts'
import { mapSideBySide, openRaw } from './raw-mails.ts'
import type { ReaderEvent } from './reading/messages.ts'
import { ReaderError, type Readers } from './reading/pool.ts'
import { rawMail } from './store/mails.ts'

/** What the reader finds in a mail for one report, summed up. Of a TLS report: sessions. */
export interface RawReport {
  kind: 'aggregate' | 'tls'
  part: string
  /** SHA-256 of its XML or JSON, in hex. */
  hash: string
  /** As verify prints stored totals. */
  totals: string
}

export interface RawTotals {
  id: number
  reports: RawReport[]
  /** Why it could not be read to its end. */
  failed: string | undefined
}

interface Waiting {
  id: number
  size: number
  receivedAt: number
}

/** Mails that are read together. */
const atOnce = 50

/**
 * Reads mails with the reader threads, as ingest does, and sums up the reports in them without storing anything: small ones together, large
 * ones as a stream. The groups of small ones are read side by side: give no more ids than memory has room for. Mails without bytes are left out of the answer.
 */
export async function readRawTotals(
  { database, readers, objects }: { database: Database; readers: Readers; objects: ObjectStore | null },
  ids: readonly number[],
): Promise<RawTotals[]> {
  const { rows } = await sql<Waiting>`
    select id, coalesce(octet_length(raw), size)::bigint as size, extract(epoch from stored_at)::bigint as "receivedAt" from mails
    where id = any(${ids}::bigint[]) and (raw is not null or raw_object is not null) order by id`.execute(database.db)
  const small = rows.filter(({ size }) => size <= smallBytes)
  const alone = rows.filter(({ size }) => size > smallBytes)
  const found: RawTotals[] = []
  const readSome = async (some: readonly Waiting[]) => {
    const mails = await loadSmall(database, objects, some)
    // One that ends its reader ends the whole task: each by itself then.
    const events = await readers.readMany(mails).catch((error: unknown) => {
      if (error instanceof ReaderError) return mails.map(() => null)
      throw error
    })
    for (const [index, mail] of mails.entries()) {
      const own = events[index]
      if (own) found.push({ id: mail.id, reports: sumUp(own), failed: undefined })
      else alone.push(mail)
    }
  }
  await Promise.all(
    Array.from({ length: Math.ceil(small.length / atOnce) }, (_, step) => readSome(small.slice(step * atOnce, (step + 1) * atOnce))),
  )
  for (const { id } of alone) found.push(await readAlone(readers, await rawMail(database.db, id, objects)))
  return found
}

async function loadSmall({ db }: Database, objects: ObjectStore | null, mails: readonly Waiting[]) {
  const { rows } = await sql<{ id: number; raw: Buffer | null; object: Buffer | null }>`
    select id, raw, raw_object as object from mails where id = any(${mails.map(({ id }) => id)}::bigint[]) order by id`.execute(db)
  const byId = new Map(mails.map((mail) => [mail.id, mail]))
  const loaded = await mapSideBySide(rows, async (row) => ({
    id: row.id,
    size: byId.get(row.id)?.size ?? 0,
    receivedAt: byId.get(row.id)?.receivedAt ?? 0,
    raw: (await openRaw(objects, row)) ?? new Uint8Array(),
  }))
  return loaded.filter(({ raw }) => raw.length > 0)
}

async function readAlone(
  readers: Readers,
  { id, raw, receivedAt }: { id: number; raw: Uint8Array | null; receivedAt: number },
): Promise<RawTotals> {
  if (!raw) return { id, reports: [], failed: 'object storage has lost its bytes' }
  const adder = new TotalsAdder()
  try {
    for await (const batch of readers.read({ raw, receivedAt })) for (const event of batch) adder.take(event)
  } catch (error) {
    if (!(error instanceof ReaderError)) throw error
    return { id, reports: [], failed: error.message }
  }
  return { id, reports: adder.reports, failed: undefined }
}

function sumUp(events: readonly ReaderEvent[]): RawReport[] {
  const adder = new TotalsAdder()
  for (const event of events) adder.take(event)
  return adder.reports
}

class TotalsAdder {
  readonly reports: RawReport[] = []
  private begun: { part: string; hash: string; dkim: number; spf: number } | undefined

  take(event: ReaderEvent): void {
    if (event.type === 'report') this.begun = { part: event.part, hash: event.report.xmlHash, dkim: 0, spf: 0 }
    if (event.type === 'records' && this.begun) {
      this.begun.dkim += event.columns.dkimAligned
      this.begun.spf += event.columns.spfAligned
    }
    if (event.type === 'end' && this.begun) {
      const { part, hash, dkim, spf } = this.begun
      const { records, messages, dmarcPass } = event.totals
      this.reports.push({
        kind: 'aggregate',
        part,
        hash,
        totals: `${records} records, ${messages} messages (${dmarcPass} pass, ${dkim} DKIM, ${spf} SPF)`,
      })
      this.begun = undefined
    }
    if (event.type === 'tls') {
      const { contentHash, policies } = event.report
      const sum = (pick: (policy: (typeof policies)[number]) => number) => policies.reduce((all, policy) => all + pick(policy), 0)
      const totals = `${policies.length} policies, ${sum(({ successful }) => successful)} successful, ${sum(({ failed }) => failed)} failed`
      this.reports.push({ kind: 'tls', part: event.part, hash: contentHash, totals })
    }
  }
}
