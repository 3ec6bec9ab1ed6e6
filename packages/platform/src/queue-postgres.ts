import { createPostgresBackend, runMigrations, withBackend } from 'bullmq'
import type pg from 'pg'

/** BullMQ's classes bound to PostgreSQL; they live in the schema `bullmq`. */
export const postgresBackend = withBackend(createPostgresBackend)

/** Creates or upgrades the schema `bullmq`. BullMQ holds its own advisory lock meanwhile. */
export async function migrateQueue(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await runMigrations(client)
  } finally {
    client.release()
  }
}
