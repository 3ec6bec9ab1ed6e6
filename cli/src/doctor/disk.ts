import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { bad, type Finding, good } from './check.ts'

/** PostgreSQL stops at a full disk; a gigabyte is some months of an ordinary domain. */
const leastFreeBytes = 1e9
/** Below this share it is soon full, however large; VACUUM and backups need room of their own. */
const leastFreeShare = 0.05

export async function checkDisk(folder: string): Promise<Finding> {
  let existing = folder
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing)
  const { bavail, bsize, blocks } = await statfs(existing)
  const share = blocks > 0 ? bavail / blocks : 1
  const free = `${(bavail * bsize * 1e-9).toFixed(1)} GB (${Math.floor(share * 100)} %) are free at ${folder}`
  const isLow = bavail * bsize < leastFreeBytes || share < leastFreeShare
  return isLow ? bad('disk', `Only ${free}; make room, or move RUADAR_DATA_DIR.`) : good('disk', `${free}.`)
}
