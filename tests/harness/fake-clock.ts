import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface FakeClock {
  /** For processes that shall go by this clock; those that they start do, too. */
  env: Record<string, string>
  /** Sets the clock so many seconds off the real one, for processes that run as well. */
  set(seconds: number): void
  remove(): void
}

/**
 * A clock that can be set while processes run, by libfaketime. As with a real machine, what only measures time (CLOCK_MONOTONIC, and with it
 * timers and performance.now()) goes on as before.
 */
export function makeFakeClock(): FakeClock {
  const library = findLibrary()
  if (!library) throw new Error('The tests that set the clock need libfaketime: apt install faketime.')
  const folder = mkdtempSync(join(tmpdir(), 'ruadar-clock-'))
  chmodSync(folder, 0o755) // PostgreSQL runs as another user and reads it as well
  const file = join(folder, 'offset')
  const known = new Set(sharedMemory())
  const set = (seconds: number) => writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}s\n`, { mode: 0o644 })
  set(0)
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    set,
    remove() {
      rmSync(folder, { recursive: true, force: true })
      // A process that is killed leaves its shared memory behind.
      for (const path of sharedMemory()) {
        const pid = /\d+$/.exec(path)?.[0] ?? ''
        if (!known.has(path) && !existsSync(`/proc/${pid}`)) rmSync(path, { force: true })
      }
    },
  }
}

/** Debian keeps it in a folder of the machine's kind, as /usr/lib/x86_64-linux-gnu/faketime. */
function findLibrary(): string | undefined {
  const folders = ['/usr/lib', ...readdirSync('/usr/lib').map((name) => `/usr/lib/${name}`), '/usr/lib64', '/usr/local/lib']
  return folders.map((folder) => `${folder}/faketime/libfaketimeMT.so.1`).find((path) => existsSync(path))
}

const sharedMemory = () =>
  readdirSync('/dev/shm')
    .filter((name) => name.includes('faketime_'))
    .map((name) => `/dev/shm/${name}`)
