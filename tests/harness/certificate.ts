import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** Makes a certificate of localhost that nobody vouches for: key.pem and certificate.pem in `folder`. */
export function makeCertificate(folder: string): void {
  try {
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost']
        .concat(['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'])
        .concat(['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')]),
      { stdio: 'pipe' },
    )
  } catch (error) {
    throw new Error('The mail tests make a certificate with the command openssl: install it (apt install openssl).', { cause: error })
  }
}
