import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@ruadar/embedded'
import { migrate, migrateQueue, openDatabase } from '@ruadar/platform'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Server of this run; its database `template` is migrated and cloned for each test file. */
    postgresUrl: string
  }
}

/** One real PostgreSQL for a whole run, in a temporary folder. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'ruadar-postgres-'))
  chmodSync(folder, 0o755) // as root, PostgreSQL runs as another user
  const server = await startEmbeddedPostgres(folder)
  const template = await openDatabase(server.url, { name: 'template' })
  await migrate(template)
  await migrateQueue(template.pool)
  await template.close()
  project.provide('postgresUrl', server.url)
  return async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
