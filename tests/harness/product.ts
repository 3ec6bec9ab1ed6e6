import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Running, startNode } from './process.ts'

export interface Product {
  url: string
  /** Where the administrator is created; null once there is one. */
  setupLink: string | null
  dataDir: string
  running: Running
  /** Stops it as Ctrl-C does, and returns the exit code, or the signal that ended it. The data folder stays for another start. */
  stop(): ReturnType<Running['end']>
  remove(): void
}

/** `ruadar start` on a free port, with the embedded database in a temporary data folder unless `env` says otherwise. */
export async function startProduct(options: { dataDir?: string; env?: Record<string, string> } = {}): Promise<Product> {
  const dataDir = options.dataDir ?? makeDataDir()
  const running = startNode('cli/bin/ruadar.js', ['start'], { RUADAR_PORT: '0', RUADAR_DATA_DIR: dataDir, ...options.env })
  const [, url = ''] = await running.waitFor(/Ruadar runs at (\S+)/)
  await running.waitFor(/Database: .*\n/)
  const [setupLink = null] = running.output().match(/http\S+\/setup#\S+/) ?? []
  return {
    url,
    setupLink,
    dataDir,
    running,
    stop: () => running.end('SIGINT'),
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  }
}

/** As root, PostgreSQL runs as another user, who has to be able to enter the folder. */
export function makeDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ruadar-product-'))
  chmodSync(folder, 0o755)
  return folder
}
