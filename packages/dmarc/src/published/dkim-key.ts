import { readTags } from './tag-list.ts'

/** What a TXT record at `selector._domainkey.domain` holds (RFC 6376 3.6.1). */
export type DkimKey =
  | { state: 'found'; keyType: string /** Length of an RSA modulus; null where it cannot be told. */; bits: number | null }
  /** `p=` is empty. */
  | { state: 'revoked' }
  | { state: 'faulty' }

/** Reads a key record. `v` may be missing, `p` may not. */
export function parseDkimKey(text: string): DkimKey {
  const tags = readTags(text)
  const data = tags?.get('p')
  if (!tags || data === undefined || (tags.has('v') && tags.get('v') !== 'DKIM1')) return { state: 'faulty' }
  const base64 = data.replace(/\s+/g, '')
  if (base64 === '') return { state: 'revoked' }
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return { state: 'faulty' }
  const keyType = tags.get('k')?.toLowerCase() || 'rsa'
  if (keyType === 'ed25519')
    return Buffer.from(base64, 'base64').length === 32 ? { state: 'found', keyType, bits: null } : { state: 'faulty' }
  if (keyType !== 'rsa') return { state: 'found', keyType: keyType.slice(0, 20), bits: null }
  const bits = rsaBits(Buffer.from(base64, 'base64'))
  return bits === null ? { state: 'faulty' } : { state: 'found', keyType, bits }
}

/**
 * Bits of the modulus in a SubjectPublicKeyInfo, or in the bare RSAPublicKey that some publish. It is the first INTEGER (DER tag 2) of
 * more than a few bytes. Null: cut off, or no key.
 */
function rsaBits(der: Buffer): number | null {
  let at = 0
  while (at + 2 <= der.length) {
    const tag = der[at]
    const header = readLength(der, at + 1)
    if (!header) return null
    const { length, next } = header
    if (next + length > der.length) return null
    if (tag === 0x30) at = next
    else if (tag === 0x03) at = next + 1
    else if (tag === 0x02) {
      const modulus = der.subarray(der[next] === 0 ? next + 1 : next, next + length)
      return modulus.length < 32 ? null : modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24
    } else at = next + length
  }
  return null
}

function readLength(der: Buffer, at: number): { length: number; next: number } | null {
  const first = der[at] ?? 0
  if (first < 0x80) return { length: first, next: at + 1 }
  const bytes = first & 0x7f
  if (bytes === 0 || bytes > 3 || at + 1 + bytes > der.length) return null
  return { length: der.readUIntBE(at + 1, bytes), next: at + 1 + bytes }
}
