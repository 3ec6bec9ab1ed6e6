import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { redacted } from './log.ts'

/** What a process writes that logs `value`; the log goes to a file descriptor, so only a process can tell. */
function logged(value: unknown, level = 'info'): { stdout: string; stderr: string } {
  const program = `
    const { createLog } = await import(${JSON.stringify(new URL('./log.ts', import.meta.url).href)})
    createLog({ logLevel: ${JSON.stringify(level)} }, 'test').info(JSON.parse(process.argv[1]), 'said')`
  const args = ['--import', 'tsx', '--conditions=source', '--input-type=module', '-e', program, JSON.stringify(value)]
  return spawnSync(process.execPath, args, { encoding: 'utf8' })
}

describe('the log', () => {
  it('writes one JSON line with name and time to stderr, and nothing to stdout', () => {
    const { stdout, stderr } = logged({ mail: 7 })
    expect(stdout).toBe('')
    expect(JSON.parse(stderr)).toMatchObject({ level: 30, name: 'test', mail: 7, msg: 'said' })
    expect((JSON.parse(stderr) as { time: string }).time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
  })

  it('hides secrets, at the top and one level below', () => {
    const secrets = Object.fromEntries(redacted.map((key) => [key, `geheim-${key}`]))
    const { stderr } = logged({ ...secrets, auth: { user: 'u', ...secrets } })
    expect(stderr).not.toContain('geheim')
    expect(JSON.parse(stderr)).toMatchObject({ password: '[hidden]', auth: { user: 'u', refreshToken: '[hidden]' } })
  })

  it('is silent when told so', () => {
    expect(logged({}, 'silent').stderr).toBe('')
  })
})
