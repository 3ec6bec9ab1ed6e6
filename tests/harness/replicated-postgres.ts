import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openDatabase } from '@ruadar/platform'
import pg from 'pg'
import { type Place, preparePlace } from '../../packages/embedded/src/place.ts'
import { runProgram } from '../../packages/embedded/src/programs.ts'
import { initialise, readPassword, user } from '../../packages/embedded/src/server.ts'
import { freePort } from './dovecot.ts'
import { administer } from './own-postgres.ts'

export interface ReplicatedPostgres {
  primaryUrl: string
  replicaUrl: string
  stopReplica(): Promise<void>
  startReplica(): Promise<void>
  /** Kills the primary, makes the replica one and starts it at the address of the primary, as who runs them would let the name point there. */
  failOver(): Promise<void>
  stop(): Promise<void>
}

/**
 * Two servers of the embedded PostgreSQL, the second a streaming replica of the first, with a migrated database. The copy is made as
 * pg_basebackup makes it, which the embedded PostgreSQL does not bring. Synchronous: what is committed is on both.
 */
export async function startReplicatedPostgres({ synchronous = false } = {}): Promise<ReplicatedPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'ruadar-replicated-'))
  chmodSync(folder, 0o755) // as root, PostgreSQL runs as another user
  const primary = preparePlace(folder)
  await initialise(primary)
  const ports = { primary: await freePort(), replica: await freePort() }
  await start(primary, ports.primary)
  const urlOf = (port: number, database: string) => `postgres://${user}:${readPassword(primary)}@127.0.0.1:${port}/${database}`
  const replica: Place = { ...primary, cluster: join(folder, 'replica') }
  const admin = new pg.Client({ connectionString: urlOf(ports.primary, 'postgres') })
  await admin.connect()
  await admin.query('create database ruadar')
  await copyCluster(admin, primary, replica, ports.primary)
  await admin.end()
  const database = await openDatabase(urlOf(ports.primary, 'ruadar'), { name: 'test' })
  await migrate(database)
  await database.close()
  const startReplica = () => start(replica, ports.replica)
  await startReplica()
  if (synchronous) {
    await administer(urlOf(ports.primary, 'postgres'), [`alter system set synchronous_standby_names = '*'`, 'select pg_reload_conf()'])
  }
  return {
    primaryUrl: urlOf(ports.primary, 'ruadar'),
    replicaUrl: urlOf(ports.replica, 'ruadar'),
    startReplica,
    stopReplica: () => stop(replica),
    async failOver() {
      const [pid] = readFileSync(join(primary.cluster, 'postmaster.pid'), 'utf8').split('\n')
      process.kill(Number(pid), 'SIGKILL')
      await run(replica, ['promote', '-D', replica.cluster, '-w'])
      // It has nobody to wait for any more.
      await administer(urlOf(ports.replica, 'postgres'), ['alter system reset synchronous_standby_names', 'select pg_reload_conf()'])
      await run(replica, ['stop', '-D', replica.cluster, '-m', 'fast', '-w'])
      await start(replica, ports.primary)
    },
    async stop() {
      await stop(replica)
      await stop(primary)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function start(place: Place, port: number): Promise<void> {
  const options = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'wal_level=replica', 'max_connections=60', 'fsync=off']
  const flags = [`-p ${port}`, ...options.map((option) => `-c ${option}`)].join(' ')
  await run(place, ['start', '-D', place.cluster, '-l', join(place.cluster, 'server.log'), '-w', '-o', flags])
}

async function run(place: Place, args: string[]): Promise<void> {
  const { code, output } = await runProgram(place, 'pg_ctl', args)
  if (code !== 0) throw new Error(`pg_ctl ${args[0]}: ${output}`)
}

async function stop(place: Place): Promise<void> {
  await runProgram(place, 'pg_ctl', ['stop', '-D', place.cluster, '-m', 'immediate', '-w'])
}

async function copyCluster(admin: pg.Client, from: Place, to: Place, primaryPort: number): Promise<void> {
  await admin.query(`select pg_backup_start('replica', true)`)
  const left = new Set([join(from.cluster, 'postmaster.pid'), join(from.cluster, 'postmaster.opts')])
  const log = join(from.cluster, 'pg_wal')
  cpSync(from.cluster, to.cluster, { recursive: true, filter: (path) => !left.has(path) && !path.startsWith(`${log}/`) })
  for (const name of ['archive_status', 'summaries']) mkdirSync(join(to.cluster, 'pg_wal', name), { recursive: true })
  const { rows } = await admin.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
  writeFileSync(join(to.cluster, 'backup_label'), rows[0]?.labelfile ?? '')
  writeFileSync(join(to.cluster, 'standby.signal'), '')
  const connection = `host=127.0.0.1 port=${primaryPort} user=${user} password=${readPassword(from)}`
  writeFileSync(join(to.cluster, 'postgresql.auto.conf'), `primary_conninfo = '${connection}'\n`)
  chmodSync(to.cluster, 0o700)
  if (!to.runAs) return
  const { uid, gid } = to.runAs
  const handOver = (path: string) => chownSync(path, uid, gid)
  handOver(to.cluster)
  for (const path of readdirSync(to.cluster, { recursive: true, encoding: 'utf8' })) handOver(join(to.cluster, path))
}
