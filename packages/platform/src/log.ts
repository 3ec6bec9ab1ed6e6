import { pino } from 'pino'

export type Log = pino.Logger

/** Keys that never reach a log line, at the first two levels of what is logged. */
export const redacted = ['password', 'secret', 'token', 'accessToken', 'refreshToken', 'clientSecret', 'authorization', 'cookie']

/** Structured log on stderr, so that stdout stays for what a command prints. */
export function createLog(settings: { logLevel: string }, name: string): Log {
  return pino(
    {
      name,
      level: settings.logLevel,
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: redacted.flatMap((key) => [key, `*.${key}`]), censor: '[hidden]' },
    },
    pino.destination({ fd: 2, sync: true }),
  )
}
