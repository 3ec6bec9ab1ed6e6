import type { Log } from './log.ts'

/** Why a server that we need does not do what it is asked, where that is no fault of ours: an operator needs no stack trace to understand it. */
export interface Cause {
  kind: 'away' | 'read-only' | 'full' | 'emptied' | 'refused'
  /** One sentence, or what the server said. */
  reason: string
}

/** Of Node: nothing listens there, or the network or the other side ended the connection. */
const network = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'])
/** What imapflow says of a connection that has ended. */
const mailServer = new Set([
  'NoConnection',
  'NoMailboxSelected',
  'EConnectionClosed',
  'ClosedAfterConnectText',
  'ClosedAfterConnectTLS',
  'ETIMEOUT',
  'CONNECT_TIMEOUT',
  'GREETING_TIMEOUT',
])
/** A disk without room, or a quota that is used up; as PostgreSQL tells it, and as Node does. */
const full = new Set(['53100', 'ENOSPC', 'EDQUOT'])
/** The server stops, crashes or starts; connections of class 08 broke; there is no free one. */
const awayStates = /^(57P0[1-5]|08[0-9A-Z]{3}|53300)$/
/** What pg and ioredis say without a code. */
const lostConnection =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Connection is closed|Reached the max retries per request limit)/

/** The cause of an error, or of the error behind it; null when it is none of these and may be a fault of ours. */
export function findCause(error: unknown): Cause | null {
  if (!(error instanceof Error)) return null
  const { code = '', message, responseStatus } = error as Error & { code?: string; responseStatus?: string }
  if (code === '25006') return { kind: 'read-only', reason: `PostgreSQL takes no changes: ${message}.` }
  if (full.has(code) || message.includes('No space left on device')) return { kind: 'full', reason: `The disk is full: ${message}.` }
  if (awayStates.test(code)) return { kind: 'away', reason: `PostgreSQL says: ${message}.` }
  if (responseStatus) return { kind: 'refused', reason: `The mail server refuses: ${message}` }
  if (mailServer.has(code) || network.has(code)) return { kind: 'away', reason: message || code } // an AggregateError has no message
  if (lostConnection.test(message)) return { kind: 'away', reason: message }
  if (message === 'Command timed out') return { kind: 'away', reason: 'Redis does not answer, though it is there.' }
  if (message.startsWith('OOM command not allowed'))
    return { kind: 'full', reason: 'Redis takes nothing more: it has reached its maxmemory. Raise it; the queue needs little.' }
  if (/^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN) /.test(message)) return { kind: 'away', reason: `Redis says: ${message}` }
  if (/^(Missing (key|lock) for job|Lock mismatch for job|could not renew lock for job|Job \S+ is not in the active state)/.test(message))
    return {
      kind: 'emptied',
      reason: 'The queue has lost a job that was in hand: it was emptied or started again, or another worker took the job over.',
    }
  return error.cause === undefined ? null : findCause(error.cause)
}

/** For whoever waits for the end of a command: what is wrong, and what to do. */
export const describeCause = ({ kind, reason }: Cause): string => (kind === 'full' ? `${reason} Make room, then do it again.` : reason)

export interface OutageWatch {
  failed(error: unknown, statement?: string): void
  /** A question was answered; `changed`: one that wrote. */
  answered(changed: boolean, statement?: string): void
}

/** A server that goes away again and again is back when it has done without for so long. */
const steadyMs = 2000

const sentences = { away: 'is away', 'read-only': 'takes no changes', full: 'takes nothing more' } as const

/** A full disk still takes what fits in where there is room: only what failed proves that there is more, or that nothing failed for so long. */
const roomyMs = 60_000
/** So much of a statement tells it from others. */
const tellingPart = 40

/** Tells the log once that a server is away or takes no changes, and once that it works again, however often it is asked meanwhile. */
export function watchOutages(log: Log, server: string): OutageWatch {
  let outage: { kind: keyof typeof sentences; since: number; last: number } | null = null
  let steady: NodeJS.Timeout | undefined
  let isProven = false
  const failing = new Set<string>()
  const end = () => {
    if (outage) log.info({ seconds: Math.round((outage.last - outage.since) / 100) / 10 }, `${server} works again`)
    outage = null
    forget()
    failing.clear()
  }
  const forget = () => {
    clearTimeout(steady)
    steady = undefined
    isProven = false
  }
  return {
    failed(error, statement = '') {
      const cause = findCause(error)
      if (!cause || cause.kind === 'emptied' || cause.kind === 'refused') return
      forget()
      failing.add(statement.slice(0, tellingPart))
      const { kind, reason } = cause
      const now = performance.now()
      // Who was away and now takes no changes was failed over: that is news. The other way round goes to and fro.
      const isNews = !outage || (outage.kind === 'away' && kind !== 'away')
      outage = { kind: isNews ? kind : (outage?.kind ?? kind), since: outage?.since ?? now, last: now }
      if (isNews) log.warn({ reason }, `${server} ${sentences[kind]}; what needs it is tried again until it works`)
    },
    answered(changed, statement = '') {
      if (!outage || (outage.kind !== 'away' && !changed) || isProven) return
      isProven = outage.kind !== 'full' || failing.has(statement.slice(0, tellingPart))
      if (steady && !isProven) return
      clearTimeout(steady)
      steady = setTimeout(end, isProven ? steadyMs : roomyMs).unref()
    },
  }
}
