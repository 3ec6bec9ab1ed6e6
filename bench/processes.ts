import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Ticks of /proc/PID/stat are hundredths of a second on every Linux. */
const ticks = 100

interface Stat {
  parent: number
  /** Seconds of processor time, its own and that of its ended children. */
  own: number
  children: number
}

function stat(pid: number): Stat | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    const number = (index: number) => Number(fields[index])
    return { parent: number(1), own: (number(11) + number(12)) / ticks, children: (number(13) + number(14)) / ticks }
  } catch {
    return undefined // it has ended
  }
}

export interface Use {
  /** Seconds of processor time of the process, and of the embedded database server. */
  node: number
  postgres: number
  /** Most resident memory of the process so far, MiB. */
  peak: number
}

/** What a process and the embedded server of its data folder have used so far; undefined once the process has ended. */
export function useOf(pid: number, dataDir: string): Use | undefined {
  const node = stat(pid)
  if (!node) return undefined
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return { node: node.own, postgres: serverTime(dataDir), peak: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024 }
}

/** Seconds of processor time that the embedded server of a data folder has used so far, ended connections included. */
export function serverTime(dataDir: string): number {
  const pidFile = join(dataDir, 'postgres', 'postmaster.pid')
  if (!existsSync(pidFile)) return 0
  const server = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  const own = stat(server)
  let seconds = own ? own.own + own.children : 0
  for (const name of readdirSync('/proc')) {
    const child = /^\d+$/.test(name) ? stat(Number(name)) : undefined
    if (child?.parent === server) seconds += child.own
  }
  return seconds
}

/**
 * Seconds of processor time of all processes that this one has started and that live, their ended children included, by what they are:
 * `nameOf` names a process with all that it has started; undefined leaves it out.
 */
export function timeOfChildren(nameOf: (pid: number, program: string) => string | undefined): Map<string, number> {
  const found = new Map<string, number>()
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const process = /^\d+$/.test(name) ? stat(Number(name)) : undefined
    if (process) children.set(process.parent, [...(children.get(process.parent) ?? []), Number(name)])
  }
  const walk = (pid: number, name: string) => {
    const used = stat(pid)
    if (used) found.set(name, (found.get(name) ?? 0) + used.own + used.children)
    for (const child of children.get(pid) ?? []) walk(child, name)
  }
  for (const pid of children.get(process.pid) ?? []) {
    const name = nameOf(pid, programOf(pid))
    if (name !== undefined) walk(pid, name)
  }
  return found
}

function programOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return '' // it has ended
  }
}
