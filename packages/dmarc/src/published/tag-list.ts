/** Tags of a record; real ones have about ten, and a TXT record of a hostile zone can be long. */
const mostTags = 50

/** `v=DMARC1; p=none; …` as names in lower case and trimmed values; of a name that comes twice the first. Null: a part is no tag. */
export function readTags(text: string): Map<string, string> | null {
  const tags = new Map<string, string>()
  const parts = text.split(';').slice(0, mostTags)
  for (const part of parts) {
    if (part.trim() === '') continue
    const [, name, value = ''] = /^\s*([a-z][a-z0-9_]*)\s*=([\s\S]*)$/i.exec(part) ?? []
    if (name === undefined) return null
    const key = name.toLowerCase()
    if (!tags.has(key)) tags.set(key, value.trim())
  }
  return tags
}
