/** Most characters of what an index holds: a row of a B-tree takes some 2,700 bytes, and a character up to four. */
export const indexed = { name: 255, word: 100, id: 400, path: 200 } as const

/** Text as PostgreSQL takes it: without NUL, without half a surrogate pair, cut at `most` UTF-16 units. */
export function storedText(text: string, most?: number): string
export function storedText(text: string | null, most?: number): string | null
export function storedText(text: string | null, most?: number): string | null {
  return text === null
    ? null
    : text
        .slice(0, most)
        .replaceAll('\0', '')
        .replaceAll(/\p{Surrogate}/gu, '\ufffd')
}

/** The same for every text in a value that becomes jsonb, which refuses an escaped NUL as well. */
export function storedJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'string' ? storedText(item) : item))
}
