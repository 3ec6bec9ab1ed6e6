import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

interface Run {
  child: ChildProcess
  /** Waits until the process has written this to stdout. */
  said(text: string): Promise<void>
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>
}

/** A process whose `open` is `body`, with `service`, `say` and `sleep` at hand. */
function run(body: string, env: Record<string, string> = {}): Run {
  const program = `
    const { runService } = await import(${JSON.stringify(new URL('./service.ts', import.meta.url).href)})
    const { OperatorError } = await import(${JSON.stringify(new URL('./operator-error.ts', import.meta.url).href)})
    const say = (text) => process.stdout.write(text + '\\n')
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
    const alive = setInterval(() => {}, 1000)
    await runService('test', async (service) => { ${body} })`
  const args = ['--import', 'tsx', '--conditions=source', '--input-type=module', '-e', program]
  const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()))
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, ...output }))
  const said = async (text: string) => {
    while (!output.stdout.includes(text)) {
      if (child.exitCode !== null) throw new Error(`ended before it said ${text}: ${output.stderr}`)
      await Promise.race([once(child.stdout, 'data'), ended])
    }
  }
  return { child, said, ended }
}

const openTwo = `
  service.onClose(async () => { await sleep(50); say('database closed') })
  service.onClose(async () => { await sleep(50); say('api closed') })
  say('open')`

describe('runService', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('closes at %s in reverse order, and ends with 0', async (signal) => {
    const { child, said, ended } = run(openTwo)
    await said('open')
    child.kill(signal)
    expect(await ended).toMatchObject({ code: 0, stdout: 'open\napi closed\ndatabase closed\n' })
  })

  it('ends with the code of work that is done, after closing', async () => {
    expect(await run(`${openTwo}; return 3`).ended).toMatchObject({ code: 3, stdout: 'open\napi closed\ndatabase closed\n' })
  })

  it('takes the signal that npm passes on for the same wish', async () => {
    const { child, said, ended } = run(`service.onClose(async () => { say('closing'); await sleep(300); say('closed') }); say('open')`)
    await said('open')
    child.kill('SIGINT')
    await said('closing')
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 0, stdout: 'open\nclosing\nclosed\n' })
  })

  it('goes on closing when one part cannot be closed', async () => {
    const { code, stdout, stderr } = await run(`
      service.onClose(async () => say('database closed'))
      service.onClose(async () => { throw new Error('stuck') })
      return 0`).ended
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'database closed\n' })
    expect(stderr).toContain('something could not be closed properly')
  })

  it('gives up within 10 s when a part never closes', async () => {
    const { code, stderr } = await run(`service.onClose(() => new Promise(() => {})); return 0`).ended
    expect(code).toBe(1)
    expect(stderr).toContain('not everything could be stopped within 9.5 s')
  })

  it('says in one sentence what the operator can mend, closes what was open, and ends with 1', async () => {
    const { code, stdout, stderr } = await run(`${openTwo}; throw new OperatorError('The port is taken.', 'Set RUADAR_PORT.')`).ended
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: 'open\napi closed\ndatabase closed\n',
      stderr: 'The port is taken. Set RUADAR_PORT.\n',
    })
  })

  it.each([
    ['thrown in a callback', `setTimeout(() => { throw new Error('bad luck') }, 10)`],
    ['a promise that nobody waits for', `void Promise.reject(new Error('bad luck'))`],
  ])('ends with 1 after an error that is %s', async (_, fault) => {
    const { code, stdout, stderr } = await run(`${openTwo}; ${fault}`).ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'open\napi closed\ndatabase closed\n' })
    expect(stderr).toContain('bad luck')
  })

  it('names wrong settings and opens nothing', async () => {
    const { code, stdout, stderr } = await run(`say('open')`, { RUADAR_PORT: 'eighty' }).ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe('Settings are wrong: RUADAR_PORT must be integer. docs/configuration.md lists them all.\n')
  })

  it('warns of a variable that is no setting, and starts', async () => {
    const { code, stderr } = await run(`return 0`, { RUADAR_PROT: '80' }).ended
    expect(code).toBe(0)
    expect(stderr).toContain('RUADAR_PROT is not a setting of this version')
  })
})
