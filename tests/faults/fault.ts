import { readdirSync, readFileSync } from 'node:fs'
import { type Database, sql } from '@ruadar/platform'
import { expect, test } from 'vitest'
import { findDifferences } from '../harness/differences.ts'
import { readTotals } from '../harness/ingest.ts'
import type { Running } from '../harness/process.ts'
import type { Truth } from '../harness/reports.ts'

/** `npm run test:faults` takes the full measure, `npm run check` less of the same. */
export const measure = (short: number, full: number): number => (process.env.RUADAR_FAULTS === 'full' ? full : short)

/** Patience, not a measure: a house has to come back by itself, and some of its timers run for minutes. */
export const patience = { timeout: 240_000, interval: 100 }

declare module 'vitest' {
  interface TaskMeta {
    /** What was done and found, for the table at the end of a run (`report.ts`). */
    fault?: { injected: number; mails: number; messages: number; counted: number }
  }
}

export interface AfterFault {
  /** How often the fault was injected. */
  injected: number
  database: Database
  /** What the generator put into the mails. */
  truth: Truth
  /** Mails beyond those with a report that counts: duplicates, junk, what ended in quarantine. */
  others?: number
}

/**
 * A test that injects a fault into a house that works. Afterwards, with no hand on it, every mail has an outcome, reports and every kind of
 * sum say what the generator wrote, and `verify` finds no difference.
 */
export function fault(name: string, inject: () => Promise<AfterFault>): void {
  test(name, async ({ task }) => {
    const { injected, database, truth, others = 0 } = await inject()
    expect(injected).toBeGreaterThan(0)
    await untilExact(database, truth, others)
    const { sums } = await readTotals(database)
    task.meta.fault = { injected, mails: truth.reports + others, messages: truth.messages, counted: sums.messages }
  })
}

/** Waits until every mail is stored and read and the sums equal the truth, then holds everything stored to them. */
export async function untilExact(database: Database, truth: Truth, others = 0): Promise<void> {
  const mails = truth.reports + others
  await expect.poll(() => countMails(database), patience).toEqual({ mails, waiting: 0, withoutOutcome: 0 })
  expect(await readTotals(database)).toEqual({ sums: truth, rows: truth })
  expect(await findDifferences(database)).toEqual([])
}

async function countMails(database: Database): Promise<unknown> {
  const { rows } = await sql`
    select count(*) as mails, count(*) filter (where state = 'stored') as waiting,
      count(*) filter (where state <> 'stored' and not exists (select from mail_outcomes o where o.mail_id = m.id)) as "withoutOutcome"
    from mails m`.execute(database.db)
  return rows[0]
}

/** Lines of a process's log that match, each counted once however often it was written in another form. */
export const linesOf = (running: Running, pattern: RegExp): string[] =>
  running
    .output()
    .split('\n')
    .filter((line) => pattern.test(line))

/** Command lines of living processes that name this folder or address: nothing may be left when a house has been stopped. */
export function processesOf(mark: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return []
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      return line.includes(mark) || readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark) ? [line] : []
    } catch {
      return [] // it has ended meanwhile
    }
  })
}
