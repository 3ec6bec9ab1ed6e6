import { pino } from 'pino'
import pretty from 'pino-pretty'
import { createRepeatFilter } from './repeated-lines.ts'
import { currentTask } from './task.ts'

export type Log = pino.Logger

/** Keys that never reach a log line, at the first two levels of what is logged. */
export const redacted = ['password', 'secret', 'token', 'accessToken', 'refreshToken', 'clientSecret', 'authorization', 'cookie']

/** Below it nothing is kept back. */
const warning = pino.levels.values.warn ?? 40

/**
 * Log on stderr, so that stdout stays for what a command prints: JSON lines, or plain lines for a person at a terminal. Lines of a task
 * carry its name, and the id of its job. Errors whose cause an operator understands are told in a sentence, and the same once in a minute.
 */
export function createLog(settings: { logLevel: string }, name: string): Log {
  const destination = process.stderr.isTTY
    ? pretty({ destination: 2, sync: true, ignore: 'name', translateTime: 'SYS:HH:MM:ss' })
    : pino.destination({ fd: 2, sync: true })
  const filter = createRepeatFilter()
  return pino(
    {
      level: settings.logLevel,
      base: { name },
      mixin: () => ({ ...currentTask() }),
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: {
        logMethod(args, method, level) {
          const [fields, text] = args as [unknown, string?]
          if (level < warning || typeof fields !== 'object' || fields === null || !('err' in fields)) return method.apply(this, args)
          const { reqId: _request, ...source } = this.bindings()
          const kept = filter(fields, text ?? '', JSON.stringify(source))
          if (kept) method.apply(this, [kept, text])
        },
      },
      redact: { paths: redacted.flatMap((key) => [key, `*.${key}`]), censor: '[hidden]' },
    },
    destination,
  )
}
