import { randomBytes } from 'node:crypto'
import { sha256 } from '@ruadar/platform'

/** 256 random bits as text, and the SHA-256 that is all we keep of it. A fast hash is right here: nobody guesses 256 bits. */
export function randomSecret(prefix = ''): { secret: string; hash: Buffer } {
  const secret = prefix + randomBytes(32).toString('base64url')
  return { secret, hash: sha256(secret) }
}
