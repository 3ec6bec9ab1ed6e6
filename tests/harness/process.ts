import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

export const checkout = new URL('../../', import.meta.url).pathname

/** A process of the product, as an operator would start it. */
export interface Running {
  child: ChildProcess
  /** What it has written to stdout and stderr so far. */
  output(): string
  stdout(): string
  /** Waits until the output matches; rejects with the output when the process ends first. */
  waitFor(pattern: RegExp): Promise<RegExpMatchArray>
  /** Sends a signal and waits for the end. Returns the exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>
}

/** Starts `node FILE …` with only the given settings, not those of the machine, and asks no name server unless `env` names one. */
export function startNode(file: string, args: string[], env: Record<string, string> = {}): Running {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => ['PATH', 'HOME', 'TMPDIR', 'LANG'].includes(name)))
  const child = spawn(process.execPath, [`${checkout}${file}`, ...args], {
    cwd: checkout,
    env: { ...inherited, RUADAR_DNS: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let stdout = ''
  const collect = (chunk: Buffer) => {
    output += chunk.toString('utf8')
  }
  child.stdout.on('data', collect)
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8')
  })
  child.stderr.on('data', collect)
  const ended = once(child, 'close')
  return {
    child,
    output: () => output,
    stdout: () => stdout,
    async waitFor(pattern) {
      for (;;) {
        const match = output.match(pattern)
        if (match) return match
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`ended before ${pattern} was seen:\n${output}`)
        await sleep(20)
      }
    },
    async end(signal) {
      child.kill(signal)
      await ended
      return child.exitCode ?? child.signalCode
    },
  }
}

/** Runs a command of the product to its end. */
export async function runRuadar(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; output: string; stdout: string }> {
  const running = startNode('cli/bin/ruadar.js', args, env)
  await once(running.child, 'close')
  return { code: running.child.exitCode, output: running.output(), stdout: running.stdout() }
}
