import { expect } from 'vitest'
import type { Running } from '../harness/process.ts'
import { patience } from './fault.ts'

interface Line {
  level: number
  msg: string
  reason?: string
  err?: { message?: string; stack?: string }
}

/** Lines of one process since a moment. */
export type Told = () => Line[]

const warning = 40
const error = 50

/** What a process tells from now on, or from its beginning. */
export function listenTo(running: Running, from = running.output().length): Told {
  return () =>
    running
      .output()
      .slice(from)
      .split('\n')
      .flatMap((line) => (/^\{.*\}$/.test(line) ? [JSON.parse(line) as Line] : []))
}

/** That one of the processes says in one line what happened, soon, and none says it more than `most` times. */
export async function untilTold(processes: readonly Told[], pattern: RegExp, most: number): Promise<void> {
  const counts = () => processes.map((told) => told().filter(({ msg, reason = '' }) => pattern.test(`${msg}: ${reason}`)).length)
  await expect.poll(() => Math.max(...counts()), { ...patience, message: `${pattern} in:\n${show(processes)}` }).toBeGreaterThan(0)
  if (Math.max(...counts()) > most) expect(show(processes)).toBe(`${pattern} at most ${most} times`)
}

/** No flood and no alarm: so many warnings of each process at most, none with a stack trace that explains nothing, and no line at level error. */
export function expectQuiet(processes: readonly Told[], most: number): void {
  for (const told of processes) {
    const warnings = told().filter(({ level }) => level >= warning)
    expect(warnings.filter(({ level, err }) => level >= error || err?.stack)).toEqual([])
    if (warnings.length > most) expect(show([told])).toBe(`at most ${most} warnings`)
  }
}

const show = (processes: readonly Told[]): string =>
  processes
    .map((told) => told().map(({ level, msg, reason, err }) => [level, msg, reason ?? err?.message].filter(Boolean).join(' ')))
    .map((lines) => lines.join('\n'))
    .join('\n--\n')
