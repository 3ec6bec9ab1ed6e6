import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, sql } from '@ruadar/platform'
import { expect } from 'vitest'
import { patience } from './fault.ts'

/** Somebody who hands in reports over the API and takes no other answer than a good one: each file is sent again until it is taken. */
export interface Uploads {
  add(files: readonly Uint8Array[]): void
  /** Status of each answer that was not 2xx; 0 for a connection that broke. */
  refusals(): ReadonlySet<number>
  /** Waits until all are taken, and holds the database to what was answered. */
  settle(database: Database): Promise<void>
  stop(): Promise<void>
}

const lanes = 2
/** A server stores the files of a request one by one: killed in the middle it has some of them. */
const filesAtOnce = 3
const againMs = 100
/** Patience: an answer comes at the latest a minute after the files. */
const answerMs = 90_000

export function startUploads(url: string, token: string): Uploads {
  const waiting: Uint8Array[] = []
  const answered = new Set<string>()
  const refusals = new Set<number>()
  let inHand = 0
  const stop = new AbortController()

  async function send(files: readonly Uint8Array[]): Promise<boolean> {
    const form = new FormData()
    for (const file of files) form.append('file', new Blob([Uint8Array.from(file)]), 'report.eml')
    try {
      const response = await fetch(`${url}/api/v1/reports`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: form,
        signal: AbortSignal.any([stop.signal, AbortSignal.timeout(answerMs)]),
      })
      const answer = (await response.json()) as { files?: { mailId: string }[] }
      if (!response.ok) refusals.add(response.status)
      for (const { mailId } of answer.files ?? []) answered.add(mailId)
      return response.ok
    } catch {
      refusals.add(0)
      return false
    }
  }
  async function work(): Promise<void> {
    while (!stop.signal.aborted) {
      const files = waiting.splice(0, filesAtOnce)
      inHand += files.length
      while (files.length > 0 && !stop.signal.aborted && !(await send(files))) await sleep(againMs)
      inHand -= files.length
      await sleep(5)
    }
  }
  const working = Promise.all(Array.from({ length: lanes }, work))
  return {
    add: (files) => void waiting.push(...files),
    refusals: () => refusals,
    async settle(database) {
      while (waiting.length + inHand > 0) await sleep(againMs)
      await expect.poll(() => countKnown(database, [...answered]).catch(() => 0), patience).toBe(answered.size)
    },
    async stop() {
      stop.abort()
      await working
    },
  }
}

async function countKnown({ db }: Database, ids: readonly string[]): Promise<number> {
  const { rows } = await sql<{ known: number }>`select count(*) as known from mails where id = any(${ids}::bigint[])`.execute(db)
  return rows[0]?.known ?? 0
}
