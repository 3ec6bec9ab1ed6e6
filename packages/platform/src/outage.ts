/** SQLSTATE classes: connection, insufficient resources (a full disk among them), operator intervention (a server that stops), system error. */
const outageClasses = /^(08|53|57|58)[0-9A-Z]{3}$/

/** What pg, imapflow and ioredis say of a connection that has ended, where they give no code of the system. */
const outageCodes = new Set([
  'NoConnection',
  'NoMailboxSelected',
  'EConnectionClosed',
  'ClosedAfterConnectText',
  'ClosedAfterConnectTLS',
  'ETIMEOUT',
])
const outageMessages =
  /^(Connection (is closed|terminated)|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Stream isn't writeable|Reached the max retries per request limit)/

/** Whether a server, the network or a disk is at fault, and not the program: its words tell all that there is to know. */
export function isOutage(error: unknown): boolean {
  const {
    code = '',
    syscall,
    responseStatus,
    message = '',
  } = (error ?? {}) as Record<'code' | 'syscall' | 'responseStatus', unknown> & { message?: string }
  // Refused by the system, or by a mail server.
  if (typeof syscall === 'string' || typeof responseStatus === 'string') return true
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isOutage)
  return outageClasses.test(String(code)) || outageCodes.has(String(code)) || outageMessages.test(message)
}

export interface LoggedError {
  type: string
  message: string
  code?: unknown
}

/** An outage as the log shows it: what it says, and nothing of where in the program it was met. */
export function describeOutage(error: unknown): LoggedError {
  const { name, message, code } = error as Error & { code?: unknown }
  const first = error instanceof AggregateError ? (error.errors[0] as Error).message : message
  return { type: name, message: message || first, ...(code === undefined ? {} : { code }) }
}
