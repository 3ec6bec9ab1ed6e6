import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readAll } from '../testing/read-all.ts'
import { fromBytes } from './source.ts'

const folder = new URL('./fixtures/', import.meta.url)

describe('a report is read as the JSON beside it says', () => {
  for (const name of readdirSync(folder).filter((it) => it.endsWith('.xml'))) {
    test(name, async () => {
      const [report, ...others] = await readAll(fromBytes(readFileSync(new URL(name, folder))))
      expect(others).toEqual([])
      expect(report).toEqual(JSON.parse(readFileSync(new URL(name.replace('.xml', '.json'), folder), 'utf8')))
    })
  }
})
