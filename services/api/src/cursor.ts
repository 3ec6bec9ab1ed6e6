import { Compile } from 'typebox/compile'
import { type Static, type TSchema, Type } from 'typebox'
import { ProblemError } from './problem.ts'

/** A whole number from the database, as far as JavaScript counts exactly. */
export const Id = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** Keyset paging: the last row's sort key, as an opaque text that only this server has to understand. */
export interface Cursor<Key> {
  write(key: Key): string
  /** The key in `after`, null without one; throws 400 `bad_cursor` for anything that `write` of the same list did not make. */
  read(after: string | undefined): Key | null
}

export function cursorOf<Schema extends TSchema>(schema: Schema): Cursor<Static<Schema>> {
  const validator = Compile(schema)
  return {
    write: (key) => Buffer.from(JSON.stringify(key)).toString('base64url'),
    read(after) {
      if (after === undefined) return null
      const key = parse(after)
      if (!validator.Check(key)) throw badCursor()
      return key
    },
  }
}

export function badCursor(): ProblemError {
  return new ProblemError(400, 'bad_cursor', '`after` is not the `next` of an earlier answer to this question.')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    return undefined // fails the schema, and the caller says so
  }
}

/** Cuts the one row that was asked for beyond the limit, and says where the next page starts. */
export function page<Row, Key>(
  rows: readonly Row[],
  limit: number,
  cursor: Cursor<Key>,
  keyOf: (row: Row) => Key,
): { rows: Row[]; next: string | null } {
  const last = rows[limit - 1]
  return { rows: rows.slice(0, limit), next: rows.length > limit && last !== undefined ? cursor.write(keyOf(last)) : null }
}
