import { pino } from 'pino'
import pretty from 'pino-pretty'
import { describeOutage, isOutage } from './outage.ts'
import { currentTask } from './task.ts'

export type Log = pino.Logger

/** Keys that never reach a log line, at the first two levels of what is logged. */
export const redacted = ['password', 'secret', 'token', 'accessToken', 'refreshToken', 'clientSecret', 'authorization', 'cookie']

/**
 * Log on stderr, so that stdout stays for what a command prints: JSON lines, or plain lines for a person at a terminal. Lines of a task
 * carry its name, and the id of its job.
 */
export function createLog(settings: { logLevel: string }, name: string): Log {
  const destination = process.stderr.isTTY
    ? pretty({ destination: 2, sync: true, ignore: 'name', translateTime: 'SYS:HH:MM:ss' })
    : pino.destination({ fd: 2, sync: true })
  return pino(
    {
      level: settings.logLevel,
      base: { name },
      mixin: () => ({ ...currentTask() }),
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (error: Error) => (isOutage(error) ? describeOutage(error) : pino.stdSerializers.err(error)) },
      redact: { paths: redacted.flatMap((key) => [key, `*.${key}`]), censor: '[hidden]' },
    },
    destination,
  )
}
