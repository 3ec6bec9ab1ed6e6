import type { Db } from '@ruadar/platform'
import type { ReaderEvent } from '../reading/messages.ts'
import { type AggregateReports, createAggregateReports } from './aggregate-reports.ts'
import type { Dictionary } from './dictionary.ts'
import { saveFailure } from './failure.ts'
import type { MailOutcome } from './outcomes.ts'
import { said, unknownDomain } from './outcome-words.ts'
import { beginReread, type Reread } from './reread.ts'
import { saveTls } from './tls.ts'
import { removeUnfoundTls } from './tls-reread.ts'

export interface ReadMail {
  id: number
  /** In the order of the mail's parts. */
  outcomes: MailOutcome[]
  envelope: { subject: string | null; sender: string | null } | undefined
  /** For each failure report in it the mail without the body of the message shown, null where that can't be told apart. */
  samples: { reduced: Uint8Array | null; isStored: boolean }[]
}

/** Takes what readers find, mail by mail and in order, and stores it in one transaction. */
export interface MailStore {
  /** The mail that the following events are about. `receivedAt` in UTC epoch seconds. */
  begin(mail: { id: number; receivedAt: number }): void
  take(event: ReaderEvent): Promise<void>
  /** Stores what still waits; the answer is complete only then. */
  finish(): Promise<ReadMail[]>
}

/** For these mails, locked by the caller; those that have brought reports before are read anew. */
export async function openMailStore(
  trx: Db,
  dictionary: Dictionary,
  domains: readonly string[],
  mailIds: readonly number[],
): Promise<MailStore> {
  await dictionary.hold(trx)
  const reread = await beginReread(trx, mailIds)
  const mails: ReadMail[] = []
  const aggregate = createAggregateReports(trx, dictionary, reread)
  let current: { mail: ReadMail; receivedAt: number } | undefined
  return {
    begin({ id, receivedAt }) {
      const mail: ReadMail = { id, outcomes: [], envelope: undefined, samples: [] }
      mails.push(mail)
      current = { mail, receivedAt }
    },
    async take(event) {
      if (!current) throw new Error('an event without a mail')
      await takeEvent({ trx, dictionary, domains, aggregate, ...current }, event)
    },
    async finish() {
      await aggregate.finish()
      await removeUnfoundTls(
        trx,
        mailIds,
        mails.flatMap(({ outcomes }) => outcomes.flatMap((it) => (it.kind === 'tls' ? (it.reportId ?? []) : []))),
      )
      if (reread) await finishReread(reread, mails)
      return mails
    },
  }
}

async function finishReread(reread: Reread, mails: readonly ReadMail[]): Promise<void> {
  const switched = await reread.finish()
  for (const outcome of mails.flatMap(({ outcomes }) => outcomes)) {
    const state = outcome.outcome === 'imported' || outcome.outcome === 'conflict' ? switched.get(outcome.reportId ?? 0) : undefined
    if (state) outcome.outcome = state === 'counted' ? 'imported' : 'conflict'
  }
}

interface Taking {
  trx: Db
  dictionary: Dictionary
  domains: readonly string[]
  aggregate: AggregateReports
  mail: ReadMail
  receivedAt: number
}

async function takeEvent({ trx, dictionary, domains, aggregate, mail, receivedAt }: Taking, event: ReaderEvent): Promise<void> {
  const { id, outcomes } = mail
  switch (event.type) {
    case 'envelope':
      mail.envelope = { subject: event.subject, sender: event.sender }
      return
    case 'ignored':
      outcomes.push({ part: event.part, outcome: 'ignored', ...said(event.reason) })
      return
    case 'rejected':
      outcomes.push({ part: event.part, outcome: 'quarantined', ...said(event.reason) })
      return
    case 'failure': {
      const { part, report, reduced } = event
      const stranger = unknownDomain(domains, [report.reportedDomain])
      mail.samples.push({ reduced, isStored: !stranger })
      outcomes.push({ part, kind: 'failure', ...(stranger ?? saved(await saveFailure(trx, dictionary, { id, part, receivedAt }, report))) })
      return
    }
    case 'tls': {
      const { part, report } = event
      const about = report.policies.map((policy) => policy.policyDomain)
      const stranger = unknownDomain(domains, about)
      outcomes.push({ part, kind: 'tls', ...(stranger ?? saved(await saveTls(trx, dictionary, { id, part }, report))) })
      return
    }
    case 'report': {
      const { part, report: head } = event
      const outcome: MailOutcome = { part, outcome: 'imported', ...unknownDomain(domains, [head.policy.domain]) }
      outcomes.push(outcome)
      aggregate.begin(outcome.outcome === 'imported' ? { mailId: id, part, head, outcome } : undefined)
      return
    }
    case 'records':
      await aggregate.records(event.columns)
      return
    case 'end':
      aggregate.end(event.totals, event.warnings)
      return
  }
}

const saved = ({ id, outcome }: { id: number; outcome: MailOutcome['outcome'] }): Omit<MailOutcome, 'part'> => ({ outcome, reportId: id })
