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

function serverTime(dataDir: string): number {
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
