import { randomUUID } from 'node:crypto'
import { type Database, type Settings, sql } from '@ruadar/platform'
import { type Attempt, attemptDelivery } from './attempt.ts'
import type { Network } from './channels/channel.ts'
import { defaultNetwork } from './channels/registry.ts'

export interface TestOptions {
  database: Database
  settings: Pick<Settings, 'secretKey' | 'publicUrl' | 'allowPrivateWebhooks'>
  stopping: AbortSignal
  network?: Partial<Pick<Network, 'lookup' | 'connectMs' | 'wholeMs'>>
}

/**
 * Sends a test message through a channel at once and says what came of it, within 20 s. The worker leaves
 * tests alone. Null: there is no such channel, or the process is stopping.
 */
export async function sendTest({ database, settings, stopping, network }: TestOptions, channelId: number): Promise<Attempt | null> {
  const { rows } = await sql<{ id: number }>`
    insert into deliveries (channel_id, what, key, content)
    select id, 'test', ${`test:${randomUUID()}`}, '{}' from channels where id = ${channelId}
    returning id`.execute(database.db)
  const [delivery] = rows
  if (!delivery) return null
  const bounds = { ...defaultNetwork, wholeMs: 18_000, ...network, allowPrivate: settings.allowPrivateWebhooks, stopping }
  return attemptDelivery({ database, settings, network: bounds, waits: [] }, delivery.id)
}
