import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Place } from './place.ts'

/**
 * The port of the server that runs on this cluster, or null. A pid file whose process is another program is removed; one that is empty only
 * when it is old: a server that starts this very moment makes it and then writes it.
 */
export function runningPort({ cluster }: Place): number | null {
  const pidFile = join(cluster, 'postmaster.pid')
  if (!existsSync(pidFile)) return null
  const [pid, , , port] = readIfThere(pidFile).split('\n')
  if (isPostgres(Number(pid))) return port ? Number(port) : null
  if (!pid && ageSeconds(pidFile) < 10) return null
  rmSync(pidFile, { force: true })
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
