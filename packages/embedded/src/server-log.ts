import { closeSync, fstatSync, openSync, readSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from './place.ts'

/** PostgreSQL's own log. */
export const logOf = ({ folder }: Place): string => join(folder, 'postgres.log')

/** As the C library says it, and as PostgreSQL does of a page that was written in part. */
export const noSpace = /No space left on device|Check free disk space|wrote only \d+ of \d+ bytes/

/** A line without time and process, which differ each time. */
export const withoutPrefix = (line: string): string => line.replace(/^.*?\b(FATAL|PANIC|ERROR): +/, '')

/** The last thing that went wrong after the log had `size` bytes. */
export function lastProblem(place: Place, size: number): string | undefined {
  return readLines(place, size).findLast((line) => /FATAL|PANIC|ERROR/.test(line))
}

/** Whether want of room is why a server did not start. */
export const lacksRoom = (place: Place, reason: string): boolean => noSpace.test(reason) || isFull(place)

/** Why the server ended or does not work: its disk is full; null: that is not why. */
export function whyEnded(place: Place): string | null {
  const last = readLines(place).findLast((line) => /PANIC: |FATAL: .*(No space|wrote only)|ready to accept connections/.test(line))
  return (last && noSpace.test(last)) || isFull(place) ? `there is no space left in ${place.folder}` : null
}

/** Whether the log ends with the start of the checkpoint before the end. */
export function writesItsEnd(place: Place): boolean {
  const last = readLines(place).findLast((line) => line && !line.includes('the database system is shutting down'))
  return last?.includes('checkpoint starting: shutdown') ?? false
}

/** A full disk may have no room either for the line of the log that would say so. */
function isFull({ cluster }: Place): boolean {
  try {
    const { bavail, bsize } = statfsSync(cluster)
    return bavail * bsize < 1_048_576
  } catch {
    return false // the folder itself has gone, or its disk
  }
}

/** So much of the end of a log of years is read: what is asked for is among the last lines. */
const readBytes = 64 * 1024

/** The last lines that were written after the log had `since` bytes; none where there is no log. */
function readLines(place: Place, since = 0): string[] {
  let file: number
  try {
    file = openSync(logOf(place), 'r')
  } catch {
    return []
  }
  try {
    const { size } = fstatSync(file)
    const from = Math.max(since, size - readBytes)
    const bytes = Buffer.alloc(Math.max(size - from, 0))
    const length = readSync(file, bytes, 0, bytes.length, from)
    return bytes.toString('utf8', 0, length).trim().split('\n')
  } finally {
    closeSync(file)
  }
}
