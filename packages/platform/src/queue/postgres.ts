import { createPostgresBackend, type PgPool, runMigrations, withBackend } from 'bullmq'
import type pg from 'pg'
import { connectionOptions, type Database, openPool } from '../database.ts'
import type { QueueConnections, QueueName, QueueParts } from './parts.ts'

/** BullMQ's classes bound to PostgreSQL; they live in the schema `bullmq`. */
const { Queue, Worker } = withBackend(createPostgresBackend)

export async function openPostgresParts(database: Database, name: QueueName, connections: QueueConnections): Promise<QueueParts> {
  await migrateQueue(database.directPool)
  const pools: pg.Pool[] = []
  const connect = (max: number) => {
    const options = connectionOptions(database.directUrl, 'queue')
    // What a power cut takes from the queue the sweep puts back, so its commits need not wait for the disk.
    const pool = openPool({ ...options, options: `${options.options} -c search_path=bullmq -c synchronous_commit=off`, max })
    pools.push(pool)
    return pool as unknown as PgPool // BullMQ's own description of a pg.Pool has an index signature
  }
  const queue = new Queue(name, { connection: connect(connections.queue) })
  queue.on('error', () => undefined)
  return {
    backend: 'postgres',
    queue,
    makeWorker: (process, options) => new Worker(name, process, { ...options, connection: connect(connections.worker) }),
    async disconnect() {
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}

/** Creates or upgrades the schema `bullmq`. BullMQ holds its own advisory lock meanwhile. */
export async function migrateQueue(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await runMigrations(client)
  } finally {
    client.release()
  }
}
