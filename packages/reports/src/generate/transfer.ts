import type { Buffer } from 'node:buffer'

export type TransferEncoding = '7bit' | '8bit' | 'binary' | 'base64' | 'quoted-printable'

/** Encodes the body of a MIME part (RFC 2045 6), one character a byte; `7bit`, `8bit` and `binary` leave it as it is. */
export function transferText(bytes: Buffer, encoding: TransferEncoding): string {
  if (encoding === 'base64') return base64(bytes)
  return encoding === 'quoted-printable' ? quotedPrintable(bytes) : bytes.toString('latin1')
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n')
}

function quotedPrintable(bytes: Buffer): string {
  const encoded = bytes
    .toString('latin1')
    .replaceAll(/[^\n\r\t !-<>-~]/g, hexByte)
    .replaceAll(/[\t ](?=\r?\n|$)/g, hexByte)
  return encoded
    .split(/\r?\n/)
    .map((line) => line.replaceAll(/(?:=[0-9A-F]{2}|[^=]){1,72}(?=.)/g, '$&=\r\n'))
    .join('\r\n')
}

const hexByte = (char: string) => `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
