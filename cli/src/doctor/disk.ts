import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { bad, type Finding, good } from './check.ts'

/** PostgreSQL stops at a full disk; a gigabyte is some months of an ordinary domain. */
const leastFreeBytes = 1e9

export async function checkDisk(folder: string): Promise<Finding> {
  let existing = folder
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing)
  const { bavail, bsize } = await statfs(existing)
  const free = `${(bavail * bsize * 1e-9).toFixed(1)} GB are free at ${folder}`
  return bavail * bsize < leastFreeBytes ? bad('disk', `Only ${free}; make room, or move RUADAR_DATA_DIR.`) : good('disk', `${free}.`)
}
