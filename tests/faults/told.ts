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

/** That each process that told of an outage has told since that it is over: what happens next is not taken for the same one. */
export async function untilOver(running: readonly Running[]): Promise<void> {
  const processes = running.map((one) => listenTo(one, 0))
  const outages = () =>
    processes.flatMap((told) => {
      const last = new Map<string, string>()
      for (const { msg } of told()) {
        const [, server, what] = /^(\S+ at \S+) (is away|takes no changes|takes nothing more|works again)/.exec(msg) ?? []
        if (server && what) last.set(server, what)
      }
      return [...last].filter(([, what]) => what !== 'works again')
    })
  await expect.poll(outages, { ...patience, message: show(processes) }).toEqual([])
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
