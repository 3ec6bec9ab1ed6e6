import type { Loaded } from '@ruadar/platform'

/** For a person who waits: what was loaded, on stderr. */
export function tellTable(name: string, rows: number, checked: boolean): void {
  if (rows > 0) process.stderr.write(`${name}: ${rows} rows ${checked ? 'are the same' : 'loaded'}\n`)
}

/** The end of a sentence that begins with what was done. */
export function describeLoaded({ tables, rows, madeAt, foreign, migrated }: Loaded): string {
  const parts = [`${tables} tables with ${rows} rows as of ${madeAt}; all were read back and are the same.`]
  if (foreign.length > 0) parts.push(`Left out, as they are none of Ruadar's: ${foreign.join(', ')}.`)
  if (migrated.length > 0) parts.push(`The schema was brought up to date (${migrated.join(', ')}).`)
  return parts.join(' ')
}
