import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { testMail } from '../../../../tests/harness/reports.ts'
import { startReaders } from './pool.ts'

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

describe('a reader thread', () => {
  it('reads one mail after the other without being started anew', async () => {
    const readers = startReaders({ readers: 1, readSeconds: 60, readMemoryMb: 256, limits: {}, sampleBodies: false })
    try {
      const threads = new Set<number>()
      for (let index = 0; index < 20; index++) {
        const raw = testMail({ reportId: `r-${index}`, records: [{}] })
        for await (const _ of readers.read({ raw, receivedAt: 0 })) for (const id of readers.threads()) threads.add(id)
      }
      expect(threads.size).toBe(1)
    } finally {
      await readers.close()
    }
  })
})
