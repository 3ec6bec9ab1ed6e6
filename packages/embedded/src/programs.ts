import { spawn } from 'node:child_process'
import type { Place } from './place.ts'

/** Characters. initdb repeats statements of some kB behind the line that says what is wrong. */
const longestOutput = 100_000

/** Runs initdb or pg_ctl as the right user and collects what it says. Resolves for any exit code. */
export function runProgram(place: Place, program: 'initdb' | 'pg_ctl', args: string[]): Promise<{ code: number | null; output: string }> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')))
  return new Promise((resolve, reject) => {
    const child = spawn(place.binaries[program], args, {
      ...place.runAs,
      cwd: '/', // ours may be a folder that the other user cannot enter
      env: { ...env, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-longestOutput)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', reject)
    child.on('exit', (code) => resolve({ code, output: output.trim() }))
  })
}
