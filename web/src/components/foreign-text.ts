import { shownText } from './shown-text.ts'

/** The first `most` bytes of a text that comes in pieces; the rest is never fetched. */
export async function readBeginning(response: Response, most: number): Promise<{ text: string; isCut: boolean }> {
  const reader = response.body?.getReader()
  if (!reader) return { text: '', isCut: false }
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return { text: text + decoder.decode(), isCut: false }
    const room = most - bytes
    text += decoder.decode(value.subarray(0, room), { stream: true })
    bytes += value.length
    if (bytes > most) {
      await reader.cancel()
      return { text, isCut: true }
    }
  }
}

const LINES_IN_BLOCK = 200
const LONGEST_PIECE = 2000

/**
 * The text in blocks that the browser can leave undrawn until they come into view. Endless lines (many reporters write the
 * whole report into one) are broken after a `>`, for display only.
 */
export function linesInBlocks(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/).flatMap(breakLine)
  const blocks: string[] = []
  for (let start = 0; start < lines.length; start += LINES_IN_BLOCK) {
    blocks.push(
      lines
        .slice(start, start + LINES_IN_BLOCK)
        .map(shownText)
        .join('\n'),
    )
  }
  return blocks
}

function breakLine(line: string): string[] {
  if (line.length <= LONGEST_PIECE) return [line]
  const pieces: string[] = []
  let rest = line
  while (rest.length > LONGEST_PIECE) {
    const end = rest.lastIndexOf('>', LONGEST_PIECE - 1) + 1 || LONGEST_PIECE
    pieces.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return [...pieces, rest]
}
