import { Counter, Histogram } from 'prom-client'
import { registry } from './registry.ts'

const registers = [registry]

/**
 * What a process counts while it works. Labels take values from lists in the code only, never from a report: a domain or an address
 * as a label would make a series of its own for each. docs/operation.md says what each number means.
 */
export const counted = {
  mailsStored: new Counter({
    name: 'ruadar_mails_stored_total',
    help: 'Mails and files whose raw bytes were stored, by where they came from',
    labelNames: ['origin'] as const,
    registers,
  }),
  mailsRead: new Counter({
    name: 'ruadar_mails_read_total',
    help: 'Mails that were read to their end, by outcome',
    labelNames: ['outcome'] as const,
    registers,
  }),
  reports: new Counter({
    name: 'ruadar_reports_total',
    help: 'Reports found in mails, by kind and outcome',
    labelNames: ['kind', 'outcome'] as const,
    registers,
  }),
  records: new Counter({
    name: 'ruadar_records_stored_total',
    help: 'Rows of aggregate reports that were stored',
    registers,
  }),
  lookups: new Counter({
    name: 'ruadar_lookups_total',
    help: 'Addresses that were looked up: answered, or failed',
    labelNames: ['result'] as const,
    registers,
  }),
  alerts: new Counter({
    name: 'ruadar_alerts_fired_total',
    help: 'Alerts that were raised, by rule',
    labelNames: ['rule'] as const,
    registers,
  }),
  deliveries: new Counter({
    name: 'ruadar_delivery_attempts_total',
    help: 'Attempts to deliver alerts and digests, by kind of channel and result',
    labelNames: ['kind', 'result'] as const,
    registers,
  }),
}

/** Durations in seconds. `question` is an operationId of the API, or the name of a background task. */
export const timed = {
  jobs: new Histogram({
    name: 'ruadar_job_seconds',
    help: 'Time that a job took, by queue and result',
    labelNames: ['queue', 'result'] as const,
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120],
    registers,
  }),
  answers: new Histogram({
    name: 'ruadar_answer_seconds',
    help: 'Time until the API had answered, by question and class of status',
    labelNames: ['question', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10],
    registers,
  }),
  queries: new Histogram({
    name: 'ruadar_query_seconds',
    help: 'Time that a statement took in the database, by question',
    labelNames: ['question'] as const,
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10],
    registers,
  }),
}
