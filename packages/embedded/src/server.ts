import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { randomBytes } from 'node:crypto'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { OperatorError } from '@ruadar/platform'
import { handOver, ownCluster, type Place } from './place.ts'
import { runProgram } from './programs.ts'
import { ageSeconds, findServer, isAlive, type RunningServer } from './running.ts'
import { lacksRoom, lastProblem, logOf, noSpace, withoutPrefix, writesItsEnd } from './server-log.ts'

export const user = 'ruadar'

const megabytes = totalmem() / 1_048_576

const options = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=', // a path of another user's or of over 107 bytes would stop it
  'max_connections=100',
  'max_locks_per_transaction=256', // a question without a period may look at every month of every sum
  'wal_level=minimal', // one server, no replica: bulk rows need not go through the log twice
  'max_wal_senders=0',
  'jit=off', // compiling costs more than our short statements take
  'random_page_cost=1.1',
  'work_mem=16MB', // sums of a large domain's month are made in memory
  `shared_buffers=${Math.min(Math.max(megabytes / 8, 128), 1024).toFixed(0)}MB`,
  `effective_cache_size=${Math.max(megabytes / 2, 256).toFixed(0)}MB`,
]

/** Makes the cluster unless it exists. A start that is killed meanwhile leaves nothing that a later one could mistake for it. */
export async function initialise(place: Place): Promise<void> {
  const { folder, cluster } = place
  ownCluster(place)
  if (existsSync(join(cluster, 'PG_VERSION'))) return
  for (const name of readdirSync(folder)) {
    if (isLeftover(folder, name)) rmSync(join(folder, name), { recursive: true, force: true })
  }
  const fresh = join(folder, `postgres.new-${process.pid}`)
  const passwordFile = join(fresh, '..', `postgres.new-password-${process.pid}`)
  const password = randomBytes(24).toString('base64url')
  try {
    mkdirSync(fresh, { mode: 0o700 })
    handOver(fresh, place)
    writeFileSync(passwordFile, password, { mode: 0o600 })
    handOver(passwordFile, place)
    const args = [`--pgdata=${fresh}`, `--username=${user}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8']
    const { code, output } = await runProgram(place, 'initdb', [...args, '--locale=C', '--no-instructions'])
    if (code !== 0)
      throw new OperatorError(
        `The embedded database could not be made: ${noSpace.test(output) ? `there is no space left in ${folder}` : lastLine(output)}.`,
        `See that ${folder} has space and can be written.`,
      )
    // Inside the cluster: the password moves with it, and the rename below makes both appear at once.
    writeFileSync(join(fresh, 'ruadar-password'), password, { mode: 0o600 })
    renameSync(fresh, cluster)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    if (!existsSync(join(cluster, 'PG_VERSION'))) throw error // else another start was quicker
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

/** What a start that was killed left half made; another that is at it just now is left alone. */
function isLeftover(folder: string, name: string): boolean {
  const [, pid] = /^postgres\.new-(?:password-)?(\d+)$/.exec(name) ?? []
  if (pid === undefined) return false
  return Number(pid) === process.pid || !isAlive(Number(pid)) || ageSeconds(join(folder, name)) > 600
}

export function readPassword({ cluster }: Place): string {
  return readFileSync(join(cluster, 'ruadar-password'), 'utf8')
}

/** Sessions of a server that was killed end when they notice, at the latest after the statement in hand. */
const startsWithin = 20
const otherServer = /pre-existing shared memory block|lock file .* (already exists|is empty)/

/** Starts the server on a port, free or given, and waits until it takes connections. */
export async function startServer(place: Place, port?: number): Promise<number> {
  const log = logOf(place)
  writeFileSync(log, '', { flag: 'a', mode: 0o600 })
  handOver(log, place)
  const chosen = port ?? (await freePort())
  const flags = [`-p ${chosen}`, ...options.map((option) => `-c ${option}`)].join(' ')
  let reason = ''
  for (let attempt = 0; attempt < startsWithin; attempt++) {
    const { size } = statSync(log)
    const { code, output } = await runProgram(place, 'pg_ctl', [
      'start',
      '-D',
      place.cluster,
      '-l',
      log,
      '-w',
      '-t',
      '60',
      '-s',
      '-o',
      flags,
    ])
    if (code === 0) return chosen
    const running = findServer(place)
    if (running) return running.port // another start was quicker
    reason = lastProblem(place, size) ?? lastLine(output)
    if (!otherServer.test(reason)) break
    await sleep(500)
  }
  if (lacksRoom(place, reason))
    throw new OperatorError(
      `The embedded database does not start: there is no space left in ${place.folder}.`,
      'Make room: it needs some 100 MB more than it has.',
    )
  throw new OperatorError(`The embedded database does not start: ${withoutPrefix(reason)}.`, `${log} tells more.`)
}

/** Seconds in which a server that can has ended its sessions and has begun to write what it holds. */
const endsWithin = 3
/** Seconds after which what it writes at its end is not waited for any longer. */
const longestEnd = 25

/**
 * Stops the server; resolves also when it has already gone. Goes by its process, not by the pid file alone as pg_ctl does: another start
 * that waits for its end may have a server of its own there in the next moment. One that is told to stop in the middle of recovering from a
 * crash (of a full disk, as PostgreSQL 18.4 does) waits for ever: it is ended at once, and recovers at the next start.
 */
export async function stopServer(place: Place): Promise<void> {
  const server = findServer(place)
  if (!server) return
  tell(server, 'SIGINT') // PostgreSQL's fast stop
  if (await isGoneWithin(place, server, endsWithin)) return
  if (!writesItsEnd(place)) tell(server, 'SIGQUIT') // its immediate one
  await isGoneWithin(place, server, longestEnd)
}

function tell({ pid }: RunningServer, signal: 'SIGINT' | 'SIGQUIT'): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // else it has gone by itself
  }
}

async function isGoneWithin(place: Place, { pid }: RunningServer, seconds: number): Promise<boolean> {
  for (const since = performance.now(); findServer(place)?.pid === pid; ) {
    if (performance.now() - since > seconds * 1000) return false
    await sleep(50)
  }
  return true
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

function lastLine(output: string): string {
  return (output.split('\n').filter(Boolean).at(-1) ?? 'no reason given').replace(/\.$/, '')
}
