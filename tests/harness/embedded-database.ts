import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openDatabase } from '@ruadar/platform'

/** A connection of our own to the embedded database that a product runs in this data folder. */
export function openEmbedded(dataDir: string): Promise<Database> {
  const cluster = join(dataDir, 'postgres')
  const password = readFileSync(join(cluster, 'ruadar-password'), 'utf8')
  const port = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[3]
  return openDatabase(`postgres://ruadar:${password}@127.0.0.1:${port}/ruadar`, { name: 'test', max: 2 })
}
