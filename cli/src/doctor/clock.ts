import { type Db, sql } from '@ruadar/platform'
import { bad, type Finding, good } from './check.ts'

/** Sessions, retries and alerts compare times of this machine and of the database. */
const mostSeconds = 5

export async function checkClock(db: Db, now: () => number = Date.now): Promise<Finding> {
  const before = now()
  const { rows } = await sql<{ ms: number }>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(db)
  const middle = (before + now()) / 2
  const seconds = (middle - (rows[0]?.ms ?? middle)) / 1000
  if (Math.abs(seconds) <= mostSeconds) return good('clock', "It agrees with the database's.")
  const direction = seconds > 0 ? 'ahead of' : 'behind'
  return bad('clock', `This machine is ${Math.abs(seconds).toFixed(0)} s ${direction} the database; let both follow a time server.`)
}
