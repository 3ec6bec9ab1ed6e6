import { spawnSync } from 'node:child_process'
import { accessSync, chownSync, constants, existsSync, lchownSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { OperatorError, sha256 } from '@ruadar/platform'
import { copyBinaries, findBinaries, type Binaries } from './binaries.ts'

/** Where the database lives and as whom its programs run. */
export interface Place {
  /** Folder that holds the cluster, its password and its log. */
  folder: string
  /** The cluster itself: PostgreSQL's data directory. */
  cluster: string
  binaries: Binaries
  /** Set when we are root, as whom PostgreSQL refuses to run. */
  runAs: { uid: number; gid: number } | undefined
  /** Said to the operator when the database could not live in the data folder itself. */
  note: string | undefined
}

/** Where root keeps databases whose data folder other users may not enter, as below /root. */
const rootFolder = '/var/lib/ruadar'

/** Makes the folders for the embedded database of one data folder; an OperatorError when they can't be made. */
export function preparePlace(dataDir: string): Place {
  makeFolder(dataDir)
  const binaries = findBinaries()
  const runAs = unprivilegedUser()
  const cluster = join(dataDir, 'postgres')
  if (!runAs || (mayEnter(dataDir, runAs) && mayEnter(binaries.initdb, runAs))) {
    return { folder: dataDir, cluster, binaries, runAs, note: undefined }
  }
  makeFolder(rootFolder)
  const copied = mayEnter(binaries.initdb, runAs) ? binaries : copyBinaries(binaries, rootFolder)
  if (mayEnter(dataDir, runAs)) return { folder: dataDir, cluster, binaries: copied, runAs, note: undefined }
  const elsewhere = join(rootFolder, sha256(dataDir).toString('hex').slice(0, 12))
  makeFolder(elsewhere)
  const note = `Root runs PostgreSQL as another user, who may not enter ${dataDir}: the database of this data folder is in ${elsewhere}.`
  return { folder: elsewhere, cluster: join(elsewhere, 'postgres'), binaries: copied, runAs, note }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw new OperatorError(
      `The data folder ${folder} cannot be written (${(error as NodeJS.ErrnoException).code}).`,
      'Make it writable, or set RUADAR_DATA_DIR to another folder.',
      { cause: error },
    )
  }
}

/** The account for PostgreSQL when we are root: Debian's `postgres`, or `nobody`, which every Unix has. */
function unprivilegedUser(): Place['runAs'] {
  if (process.getuid?.() !== 0) return undefined
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const found = accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody')
  if (!found)
    throw new OperatorError(
      'PostgreSQL does not run as root and there is no account postgres or nobody.',
      'Start Ruadar as an ordinary user.',
    )
  return { uid: Number(found[2]), gid: Number(found[3]) }
}

function mayEnter(path: string, runAs: { uid: number; gid: number }): boolean {
  const probe = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], { ...runAs, cwd: '/', stdio: 'ignore' })
  return probe.status === 0
}

/** Gives a file or folder to the user that PostgreSQL runs as. */
export function handOver(path: string, { runAs }: Place): void {
  if (runAs && existsSync(path)) chownSync(path, runAs.uid, runAs.gid)
}

/**
 * A cluster that was copied by root, or from a machine with other numbers, belongs to somebody else: root gives it to the user that PostgreSQL
 * runs as, anybody else gets an OperatorError.
 */
export function ownCluster({ cluster, runAs, folder }: Place): void {
  const owner = statSync(cluster, { throwIfNoEntry: false })?.uid
  if (owner === undefined || owner === (runAs?.uid ?? process.getuid?.() ?? owner)) return
  if (!runAs)
    throw new OperatorError(
      `The embedded database in ${folder} belongs to another user.`,
      'Start Ruadar as that user, or give all of the folder to this one.',
    )
  const names = readdirSync(cluster, { recursive: true, encoding: 'utf8' })
  for (const name of ['.', ...names]) lchownSync(join(cluster, name), runAs.uid, runAs.gid)
}
