import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { OperatorError } from './operator-error.ts'

/** SHA-256 of bytes or of a text's UTF-8. */
export function sha256(content: Uint8Array | string): Buffer {
  return createHash('sha256').update(content).digest()
}

/** Encrypts a JSON value with AES-256-GCM: 12 bytes nonce, 16 bytes tag, ciphertext. */
export function sealSecrets(value: unknown, key: Buffer): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const body = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

/** Opens what `sealSecrets` made; an OperatorError when the key is another one. */
export function openSecrets(sealed: Buffer, key: Buffer): unknown {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
    decipher.setAuthTag(sealed.subarray(12, 28))
    return JSON.parse(Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8'))
  } catch (error) {
    throw new OperatorError(
      'A stored secret cannot be opened with this RUADAR_SECRET_KEY.',
      'Give every process the same key, or enter the secret again.',
      { cause: error },
    )
  }
}
