import { type Database, type Log, type MailQueue, makeGauge, openQueueDepths, type Settings } from '@ruadar/platform'
import { type Operation, readOperation } from './queries/operation.ts'

/** Many may scrape: the database is asked once in this time. */
const freshMs = 5000

/** What is true of the whole house and not of this process: every API tells the same, so take the maximum of several. */
const gauges = {
  up: makeGauge('ruadar_house_up', 'Whether database and queue could be asked; 0: the numbers of the house are missing'),
  mailsWaiting: makeGauge('ruadar_mails_waiting', 'Mails that are stored and not read yet, up to 10000'),
  mailsOldest: makeGauge('ruadar_mails_waiting_oldest_seconds', 'How long the oldest of them has been waiting'),
  quarantined: makeGauge('ruadar_mails_quarantined', 'Mails in quarantine, up to 10000'),
  remaining: makeGauge('ruadar_mailbox_remaining', 'Mails of a mailbox that are still to be fetched', ['mailbox']),
  synced: makeGauge('ruadar_mailbox_synced_timestamp_seconds', 'When the folder of a mailbox that is furthest behind was last in step', [
    'mailbox',
  ]),
  mailboxFailing: makeGauge('ruadar_mailbox_failing', 'Whether a mailbox cannot be reached', ['mailbox']),
  jobs: makeGauge('ruadar_queue_jobs', 'Jobs of a queue', ['queue', 'state']),
  pass: makeGauge('ruadar_pass_backlog', 'What the sender pass has not done yet, each up to 10000', ['what']),
  passOldest: makeGauge('ruadar_pass_oldest_seconds', 'How long the oldest report that the sender pass has not seen has been stored'),
  due: makeGauge('ruadar_lookups_due', 'Addresses that are due to be looked up, up to 10000'),
  alerts: makeGauge('ruadar_alerts_open', 'Open alerts by rule, together up to 10000', ['rule']),
  channels: makeGauge('ruadar_channels_failing', 'Channels that cannot deliver, by kind', ['kind']),
  deliveries: makeGauge('ruadar_deliveries_waiting', 'Alerts and digests that wait to be delivered, up to 10000'),
}

/** Brings the gauges of the house up to date, not more often than every 5 s; `close` ends what it opened. */
export function openHouseGauges(parts: { settings: Settings; database: Database; queue: MailQueue; log: Log }) {
  const { settings, database, queue, log } = parts
  const depths = openQueueDepths(settings, database)
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> = Promise.resolve()
  async function ask(): Promise<void> {
    try {
      const [operation, mails, others] = await Promise.all([readOperation(database.db), queue.depth(), depths.read()])
      setGauges(operation)
      for (const { queue: name, waiting, active } of [{ queue: 'mails', ...mails }, ...others]) {
        gauges.jobs.set({ queue: name, state: 'waiting' }, waiting)
        gauges.jobs.set({ queue: name, state: 'active' }, active)
      }
      gauges.up.set(1)
    } catch (error) {
      log.warn({ err: error }, 'the state of the house could not be read for /metrics')
      forget()
      gauges.up.set(0)
    }
  }
  return {
    refresh(): Promise<void> {
      if (performance.now() - askedAt < freshMs) return asking
      askedAt = performance.now()
      asking = ask()
      return asking
    },
    close: () => depths.close(),
  }
}

/** Numbers that could not be asked are told as missing, not as they were. */
function forget(): void {
  const { remaining, synced, mailboxFailing, jobs, pass, alerts, channels, ...plain } = gauges
  for (const it of [remaining, synced, mailboxFailing, jobs, pass, alerts, channels]) it.reset()
  for (const it of Object.values(plain)) it.remove()
}

function setGauges({ mails, mailboxes, pass, lookups, alerts, channels, deliveriesWaiting }: Operation): void {
  gauges.mailsWaiting.set(mails.waiting)
  gauges.mailsOldest.set(mails.oldestSeconds)
  gauges.quarantined.set(mails.quarantined)
  for (const it of [gauges.remaining, gauges.synced, gauges.mailboxFailing, gauges.alerts, gauges.channels]) it.reset()
  for (const { id, remaining, syncedAt, isFailing } of mailboxes) {
    const mailbox = String(id)
    gauges.remaining.set({ mailbox }, remaining)
    if (syncedAt !== null) gauges.synced.set({ mailbox }, syncedAt)
    gauges.mailboxFailing.set({ mailbox }, isFailing ? 1 : 0)
  }
  for (const what of ['reports', 'ways', 'days', 'senders', 'domains', 'folds'] as const) gauges.pass.set({ what }, pass[what])
  gauges.passOldest.set(pass.oldestSeconds)
  gauges.due.set(lookups.due)
  for (const { rule, open } of alerts) gauges.alerts.set({ rule }, open)
  for (const { kind } of channels) gauges.channels.set({ kind }, 0)
  for (const { kind, isFailing } of channels) if (isFailing) gauges.channels.inc({ kind })
  gauges.deliveries.set(deliveriesWaiting)
}
