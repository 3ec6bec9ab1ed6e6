import { type Db, sql } from '@ruadar/platform'

/** Makes room for rows of days: the partitions of their months (`ensure_months`, migration 0008). */
export interface Months {
  /** UTC days, `YYYY-MM-DD`. Outside of the caller's transaction: a month that was made once stays. */
  ensure(days: Iterable<string>): Promise<void>
}

export function createMonths(db: Db): Months {
  const known = new Set<string>()
  return {
    async ensure(days) {
      const missing = new Map([...days].map((day) => [day.slice(0, 7), day] as const).filter(([month]) => !known.has(month)))
      if (missing.size === 0) return
      await sql`select ensure_months(${[...missing.values()]}::date[])`.execute(db)
      for (const month of missing.keys()) known.add(month)
    },
  }
}
