import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { useDatabase } from '@ruadar/tests/harness/postgres'
import { afterEach, describe, expect, it } from 'vitest'

const database = useDatabase()
const main = fileURLToPath(new URL('./main.ts', import.meta.url))

let child: ChildProcess | undefined
afterEach(() => child?.kill('SIGKILL'))

/** The API as a process of its own, as in the scaled mode. */
function start(env: Record<string, string>): ChildProcess {
  child = spawn(process.execPath, ['--import', 'tsx', '--conditions=source', main], {
    env: { PATH: process.env['PATH'], RUADAR_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return child
}

async function firstLines(stream: NodeJS.ReadableStream | null, count: number): Promise<string[]> {
  if (!stream) throw new Error('the process has no output')
  const lines: string[] = []
  for await (const line of createInterface(stream)) {
    lines.push(line)
    if (lines.length === count) break
  }
  return lines
}

describe('the API alone', () => {
  it('runs on a shared database, prints the setup link, and stops at SIGTERM', async () => {
    const process = start({ DATABASE_URL: database().url })
    const [running = '', setup] = await firstLines(process.stdout, 2)
    const url = running.replace("Ruadar's API runs at ", '')
    expect(setup?.startsWith(`First run: create the administrator at ${url}/setup#secret=`)).toBe(true)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    process.kill('SIGTERM')
    expect(await once(process, 'exit')).toEqual([0, null])
  })

  it('says in a sentence what it lacks', async () => {
    const process = start({})
    const exit = once(process, 'exit')
    const said = await firstLines(process.stderr, 1)
    expect(said).toEqual([expect.stringContaining('DATABASE_URL is not set.')])
    expect(await exit).toEqual([1, null])
  })
})
