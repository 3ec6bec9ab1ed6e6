import { expect, it } from 'vitest'
import { en } from './en.ts'

it('explains every result type of RFC 8460, 4.3', () => {
  const negotiation = ['starttls-not-supported', 'certificate-host-mismatch', 'certificate-expired', 'certificate-not-trusted']
  const dane = ['tlsa-invalid', 'dnssec-invalid', 'dane-required']
  const sts = ['sts-policy-fetch-error', 'sts-policy-invalid', 'sts-webpki-invalid']
  expect(Object.keys(en.tlsResults).toSorted()).toEqual([...negotiation, 'validation-failure', ...dane, ...sts].toSorted())
})
