import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type AppliedMigration, assertKnownSchema, buildSchema, migrate } from '../migrate.ts'
import { OperatorError } from '../operator-error.ts'
import { columnList, findContent, prepareCopying, readTables, type TableShape } from './catalogue.ts'
import { damaged, type Frame, type Head, readFrames, type TableEnd } from './format.ts'
import { RowDigest } from './row-digest.ts'
import { forgetOneServer } from './one-server.ts'
import { bringBack, dropIndexes, dropReferences, makePartitions, setSequences } from './schema.ts'
import { readRows } from './write.ts'

export interface LoadOptions {
  /** Told when a table is loaded, and once more when it has been read back and was the same. */
  onTable?: (name: string, rows: number, checked: boolean) => void
}

export interface Loaded {
  madeAt: string
  tables: number
  rows: number
  /** Tables that are none of this product and were left out. */
  foreign: string[]
  /** Migrations that were applied to the rows afterwards. */
  migrated: string[]
}

/**
 * Loads a backup, as `writeArchive` gives it, into an empty database: the schema as of the backup, its rows, all of them read back and
 * compared, in one transaction, so that whatever goes wrong leaves the database empty; then the migrations that came later.
 * An OperatorError when the database is not empty, or the backup damaged, cut off or of a newer Ruadar.
 */
export async function loadArchive(pool: pg.Pool, source: AsyncIterable<Uint8Array>, options: LoadOptions = {}): Promise<Loaded> {
  const client = await pool.connect()
  const frames = readFrames(source)
  let loaded: Omit<Loaded, 'migrated'>
  try {
    await client.query('begin')
    await prepareCopying(client)
    loaded = await loadAll(client, frames, options)
    await client.query('commit')
    client.release()
  } catch (error) {
    client.release(true) // the end of the session takes everything back, also within a COPY
    throw inWords(error)
  } finally {
    await frames.return(undefined) // the source of a move holds a connection
  }
  const { applied } = await migrate({ pool })
  await pool.query('analyze')
  return { ...loaded, migrated: applied }
}

async function loadAll(client: pg.PoolClient, frames: AsyncGenerator<Frame>, { onTable }: LoadOptions): Promise<Omit<Loaded, 'migrated'>> {
  const content = await findContent(client)
  if (content) throw new OperatorError(`The database is not empty: it holds ${content}.`, 'Restore into a new, empty one.')
  const head = await readHead(frames)
  assertKnownBackup(head.migrations)
  await buildSchema(client, head.migrations)
  await makePartitions(client, head.partitions)
  const tables = new Map((await readTables(client)).map((table) => [table.name, table]))
  const takenAway = [...(await dropIndexes(client)), ...(await dropReferences(client))]
  // Some have rows from the migrations.
  await client.query(`truncate ${[...tables.keys()].map((name) => pg.escapeIdentifier(name)).join(', ')}`)

  const loader = new TableLoader(client, head, tables)
  for await (const read of frames) {
    if (read.kind === 'Z') break
    if (read.kind !== 'T') throw damaged('a piece in a wrong place')
    const end = await loader.load(read.table, frames)
    if (end) onTable?.(read.table, end.rows, false)
  }
  for (const { name } of tables.values()) {
    if (!loader.ends.has(name)) throw damaged(`the table ${name} is missing`)
  }
  await bringBack(client, takenAway)
  await setSequences(client, head.sequences)
  for (const [name, end] of loader.ends) {
    await compareRows(client, tables.get(name) as TableShape, end)
    onTable?.(name, end.rows, true)
  }
  await forgetOneServer(client)
  const rows = [...loader.ends.values()].reduce((sum, end) => sum + end.rows, 0)
  return { madeAt: head.madeAt, tables: loader.ends.size, rows, foreign: loader.foreign }
}

async function readHead(frames: AsyncGenerator<Frame>): Promise<Head> {
  const { value } = await frames.next()
  if (value?.kind !== 'H') throw damaged('its head is missing')
  return value.head
}

function assertKnownBackup(ledger: readonly AppliedMigration[]): void {
  try {
    assertKnownSchema(ledger)
  } catch (error) {
    const hint = 'Restore it with the version that made it, or a newer one.'
    throw new OperatorError(`The backup does not fit this version: ${(error as Error).message}`, hint, { cause: error })
  }
}

class TableLoader {
  readonly ends = new Map<string, TableEnd>()
  readonly foreign: string[] = []
  readonly #client: pg.PoolClient
  readonly #shapes: Map<string, TableShape>
  readonly #own: Map<string, TableShape>

  constructor(client: pg.PoolClient, head: Head, own: Map<string, TableShape>) {
    this.#client = client
    this.#shapes = new Map(head.tables.map((table) => [table.name, table]))
    this.#own = own
  }

  /** Takes the frames of one table up to its end. Undefined: the table is not one of ours. */
  async load(name: string, frames: AsyncGenerator<Frame>): Promise<TableEnd | undefined> {
    const [shape, own] = [this.#shapes.get(name), this.#own.get(name)]
    if (!shape || this.ends.has(name)) throw damaged('a table that its head does not name')
    const digest = new RowDigest()
    const section = new Section(frames, digest)
    if (!own) {
      for await (const _ of section) continue
      this.foreign.push(name)
      return undefined
    }
    if (shape.columns.toSorted().join() !== own.columns.toSorted().join()) throw damaged(`the table ${name} has other columns`)
    const copy = copyFrom(`copy ${pg.escapeIdentifier(name)} (${columnList(shape.columns)}) from stdin`)
    await pipeline(section, this.#client.query(copy))
    const end = section.end as TableEnd
    if (digest.rows !== end.rows || digest.value() !== end.digest || copy.rowCount !== end.rows) {
      throw damaged(`the rows of ${name} are not those that were backed up`)
    }
    this.ends.set(name, end)
    return end
  }
}

/** The pieces of one table, out of the frames of all. */
class Section implements AsyncIterable<Buffer> {
  end: TableEnd | undefined
  readonly #frames: AsyncGenerator<Frame>
  readonly #digest: RowDigest

  constructor(frames: AsyncGenerator<Frame>, digest: RowDigest) {
    this.#frames = frames
    this.#digest = digest
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
      // Not for-await: leaving that would end the frames of the tables that follow.
      const { value } = await this.#frames.next()
      if (value?.kind === 'E') {
        this.end = value.end
        return
      }
      if (value?.kind !== 'D') throw damaged('a piece in a wrong place')
      this.#digest.add(value.piece)
      yield value.piece
    }
  }
}

/** Reads a loaded table back: what the database holds has to be what was backed up, not only what was sent. */
async function compareRows(client: pg.PoolClient, table: TableShape, { rows, digest: wanted }: TableEnd): Promise<void> {
  const digest = new RowDigest()
  for await (const piece of readRows(client, table)) digest.add(piece)
  if (digest.rows === rows && digest.value() === wanted) return
  throw new OperatorError(
    `The rows of ${table.name} came out of this database otherwise than they went in (${digest.rows} of ${rows}): nothing was restored.`,
    'See that its encoding is UTF8.',
  )
}

/** A changed byte may be seen by gzip, or by PostgreSQL when it makes no value or breaks a rule between tables. */
function inWords(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof OperatorError) return error
  const code = (error as { code?: unknown }).code
  if (typeof code !== 'string') return error
  return code.startsWith('Z_') || /^2[23]/.test(code) ? damaged(error.message, error) : error
}
