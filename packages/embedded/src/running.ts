import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Place } from './place.ts'

/** A server that runs on a cluster. */
export interface RunningServer {
  pid: number
  port: number
}

/**
 * The server that runs on this cluster, or null. A pid file that names another program keeps a server from starting, so it is removed; one that is
 * empty only when it is old: a server that starts this very moment makes it and then writes it. One whose process has ended is left to
 * the next server, which may be writing it anew just now.
 */
export function findServer({ cluster }: Place): RunningServer | null {
  const pidFile = join(cluster, 'postmaster.pid')
  if (!existsSync(pidFile)) return null
  const [pid = '', , , port] = readIfThere(pidFile).split('\n')
  if (isPostgres(Number(pid))) return port ? { pid: Number(pid), port: Number(port) } : null
  const hasEnded = /^\d+$/.test(pid) && !isAlive(Number(pid))
  if (pid ? !hasEnded : ageSeconds(pidFile) > 10) rmSync(pidFile, { force: true })
  return null
}

/** A killed server stays in the process table until its parent has noticed: such a zombie (Z, X) runs no more. */
function isPostgres(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  if (existsSync('/proc/self/stat')) return /^\d+ \(postgres\) [^ZX]/.test(readIfThere(`/proc/${pid}/stat`))
  const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'stat=', '-o', 'comm='], { encoding: 'utf8' })
  const [state = '', ...command] = (stdout ?? '').trim().split(/\s+/)
  return !state.startsWith('Z') && basename(command.join(' ')) === 'postgres'
}

/** A file's text; '' where there is none. */
export function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // the process has ended
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Of a file or folder; 0 where there is none. */
export function ageSeconds(path: string): number {
  const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
  return (Date.now() - changed) / 1000
}
