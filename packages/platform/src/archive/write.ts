import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { OperatorError } from '../operator-error.ts'
import { assertKnownSchema, readLedger } from '../migrate.ts'
import { prepareCopying, readPartitions, readSequences, readTables, selectRows, type TableShape } from './catalogue.ts'
import { firstLine, frame, type Head, jsonFrame, newHead } from './format.ts'
import { RowDigest } from './row-digest.ts'

export interface WriteOptions {
  /** Told when a table is done. */
  onTable?: (name: string, rows: number) => void
}

/**
 * Everything that the database holds, as of one moment, while others go on writing: pieces of a backup before compression, in constant
 * memory. Works on any schema up to this version's; an OperatorError for a newer one, or when there is nothing.
 * Ended early, it closes its connection.
 */
export async function* writeArchive(pool: pg.Pool, { onTable = () => undefined }: WriteOptions = {}): AsyncGenerator<Buffer> {
  const client = await pool.connect()
  let isDone = false
  try {
    await beginSnapshot(client)
    const head = await readHead(client)
    yield firstLine
    yield jsonFrame('H', head)
    let all = 0
    for (const table of head.tables) {
      yield frame('T', Buffer.from(table.name))
      const digest = new RowDigest()
      for await (const piece of readRows(client, table)) {
        digest.add(piece)
        yield frame('D', piece)
      }
      yield jsonFrame('E', { rows: digest.rows, digest: digest.value() })
      all += digest.rows
      onTable(table.name, digest.rows)
    }
    yield jsonFrame('Z', { tables: head.tables.length, rows: all })
    await client.query('commit')
    isDone = true
  } finally {
    client.release(!isDone) // a COPY that is not over can't be taken back
  }
}

/** The tables are locked against being dropped first: a snapshot of before would look for what is gone. */
async function beginSnapshot(client: pg.PoolClient): Promise<void> {
  const tables = await readTables(client)
  await client.query('begin isolation level repeatable read read only')
  const names = tables.map(({ name }) => pg.escapeIdentifier(name))
  if (names.length > 0) await client.query(`lock table ${names.join(', ')} in access share mode`)
  await prepareCopying(client)
}

async function readHead(client: pg.PoolClient): Promise<Head> {
  const migrations = await readLedger(client)
  if (migrations.length === 0) throw new OperatorError('There is nothing to back up yet.', 'Check RUADAR_DATA_DIR or DATABASE_URL.')
  assertKnownSchema(migrations)
  const { rows } = await client.query<{ now: Date }>('select now()')
  return newHead(
    {
      migrations,
      tables: await readTables(client),
      partitions: await readPartitions(client),
      sequences: await readSequences(client),
    },
    rows[0]?.now ?? new Date(),
  )
}

/** The rows of a table in COPY's text format, in pieces cut anywhere. */
export function readRows(client: pg.PoolClient, table: TableShape): AsyncIterable<Buffer> {
  return client.query(copyTo(`copy (${selectRows(table)}) to stdout`))
}
