import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'

const built = (file: string): string => new URL(`../../dist/reading/${file}`, import.meta.url).pathname

/** What `require` says where it may not load ES modules, in one step that no stop may interrupt. */
function requireAlone(file: string): string {
  const { stderr } = spawnSync(process.execPath, ['--no-experimental-require-module', '-e', `require(${JSON.stringify(built(file))})`], {
    encoding: 'utf8',
  })
  return stderr
}

describe('the file that reader threads start from', () => {
  it('is loaded without any ES module, so that Ctrl-C right after a start cannot abort the process', () => {
    expect(requireAlone('thread.cjs')).toBe('')
    expect(requireAlone('reader.js')).toContain('ERR_REQUIRE_ESM') // the check can fail
  })
})
