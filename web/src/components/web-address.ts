/** The address as a browser would open it, or null for everything but plain http and https. */
export function webAddress(value: string): string | null {
  if (!/^https?:\/\//i.test(value)) return null
  try {
    const url = new URL(value)
    const isPlain = (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === ''
    return isPlain ? url.href : null
  } catch {
    return null
  }
}
