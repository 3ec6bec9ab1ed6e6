import { describe, expect, it } from 'vitest'
import { linesInBlocks, readBeginning } from './foreign-text.ts'

describe('the raw XML', () => {
  it('is shown whole when it is short', async () => {
    expect(await readBeginning(new Response('<feedback>ä</feedback>'), 1000)).toEqual({ text: '<feedback>ä</feedback>', isCut: false })
  })

  it('is fetched only as far as it is shown', async () => {
    let given = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        given += 1000
        controller.enqueue(new TextEncoder().encode('x'.repeat(1000)))
      },
    })
    const { text, isCut } = await readBeginning(new Response(endless), 2500)
    expect(isCut).toBe(true)
    expect(text).toBe('x'.repeat(2500))
    expect(given).toBeLessThan(10_000)
  })

  it('keeps its lines', () => {
    expect(linesInBlocks('<a>\r\n  <b/>\n</a>')).toEqual(['<a>\n  <b/>\n</a>'])
  })

  it('is broken after a tag where a line has no end, and loses nothing', () => {
    const text = '<row><count>1</count></row>'.repeat(500)
    const lines = linesInBlocks(text).join('\n').split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(2000)
    expect(lines.every((line) => line.endsWith('>'))).toBe(true)
    expect(lines.join('')).toBe(text)
  })

  it('shows deceiving characters by number', () => {
    expect(linesInBlocks('a\u202eb')).toEqual(['a‹U+202E›b'])
  })
})
