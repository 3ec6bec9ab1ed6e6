import type { Log } from './log.ts'

/** Why a server that we need does not do what it is asked, where that is no fault of ours: an operator needs no stack trace to understand it. */
export interface Cause {
  kind: 'away' | 'read-only' | 'full' | 'emptied'
  /** One sentence, or what the server said. */
  reason: string
}

/** Of Node: nothing listens there, or the network or the other side ended the connection. */
const network = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'])
/** The server stops, crashes or starts; connections of class 08 broke; there is no free one. */
const awayStates = /^(57P0[1-5]|08[0-9A-Z]{3}|53300)$/
/** What pg and ioredis say without a code. */
const lostConnection =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Connection is closed|Reached the max retries per request limit)/

/** The cause of an error, or of the error behind it; null when it is none of these and may be a fault of ours. */
export function findCause(error: unknown): Cause | null {
  if (!(error instanceof Error)) return null
  const { code = '', message } = error as Error & { code?: string }
  if (code === '25006') return { kind: 'read-only', reason: `PostgreSQL takes no changes: ${message}.` }
  if (awayStates.test(code)) return { kind: 'away', reason: `PostgreSQL says: ${message}.` }
  if (network.has(code)) return { kind: 'away', reason: message || code } // an AggregateError has no message
  if (lostConnection.test(message)) return { kind: 'away', reason: message }
  if (message.startsWith('OOM command not allowed'))
    return { kind: 'full', reason: 'Redis takes nothing more: it has reached its maxmemory. Raise it; the queue needs little.' }
  if (/^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN) /.test(message)) return { kind: 'away', reason: `Redis says: ${message}` }
  if (message.startsWith('Missing key for job') || message.startsWith('Missing lock for job'))
    return { kind: 'emptied', reason: 'The queue lost a job that was in hand, as Redis does that is emptied or started again.' }
  return error.cause === undefined ? null : findCause(error.cause)
}

export interface OutageWatch {
  failed(error: unknown): void
  /** A statement was answered; `changed`: one that wrote. */
  answered(changed: boolean): void
}

/** Tells the log once that a server is away or takes no changes, and once that it works again, however often it is asked meanwhile. */
export function watchOutages(log: Log, server: string): OutageWatch {
  let outage: { kind: Cause['kind']; since: number } | null = null
  return {
    failed(error) {
      const cause = findCause(error)
      if (!cause || outage) return
      outage = { kind: cause.kind, since: performance.now() }
      const what = cause.kind === 'read-only' ? 'takes no changes' : 'is away'
      log.warn({ reason: cause.reason }, `${server} ${what}; what needs it is tried again until it works`)
    },
    answered(changed) {
      if (!outage || (outage.kind === 'read-only' && !changed)) return
      log.info({ seconds: Math.round((performance.now() - outage.since) / 100) / 10 }, `${server} works again`)
      outage = null
    },
  }
}
