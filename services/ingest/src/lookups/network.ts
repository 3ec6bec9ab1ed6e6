/** Whose network an address is in; null: not known. */
export interface NetworkFacts {
  asn: number | null
  /** Name of the network or of whoever runs it. */
  network: string | null
  /** ISO 3166-1 alpha-2. */
  country: string | null
}

const longestName = 100

/** A name as a database or the DNS gives it, fit to be shown: one line, no control or direction characters. */
export function toNetworkName(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const name = value
    .slice(0, 1000)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, longestName)
  return name === '' ? null : name
}

export function toCountry(value: unknown): string | null {
  return typeof value === 'string' && /^[a-z]{2}$/i.test(value) ? value.toUpperCase() : null
}

export function toAsn(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(/^(?:AS)?(\d{1,10})$/i.exec(value)?.[1]) : value
  return typeof number === 'number' && Number.isInteger(number) && number > 0 && number <= 4_294_967_295 ? number : null
}
