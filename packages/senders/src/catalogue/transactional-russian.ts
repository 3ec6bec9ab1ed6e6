import type { KnownSender } from './types.ts'

/** Services of Russia that send for programs. */
export const russianTransactional: readonly KnownSender[] = [
  {
    id: 'unione',
    name: 'UniOne / UniSender Go',
    kind: 'transactional',
    domains: ['unione.io', 'go.unisender.ru'],
    weakSelectors: ['us'],
    alignment: { dkim: 'own_domain', spf: 'own_return_path' },
    instructions: 'https://docs.unione.io/',
    records: [{ for: 'dkim', type: 'TXT', name: 'us._domainkey.{domain}', value: 'k=rsa; p={key}' }],
    spfInclude: 'spf.unione.io',
  },
  {
    id: 'smtp-bz',
    name: 'SMTP.BZ',
    kind: 'transactional',
    domains: ['smtp.bz'],
    selectors: ['smtpbz'],
    alignment: { dkim: 'own_domain', spf: 'own_return_path' },
    instructions: 'https://smtp.bz/',
    records: [{ for: 'dkim', type: 'TXT', name: 'smtpbz._domainkey.{domain}', value: 'v=DKIM1; k=rsa; p={key}' }],
    spfInclude: 'spf.smtp.bz',
  },
  {
    id: 'mailopost',
    name: 'Mailopost',
    kind: 'transactional',
    domains: ['mailopost.ru'],
    alignment: { dkim: 'own_domain', spf: 'own_return_path' },
    instructions: 'https://mailopost.ru/',
  },
  {
    id: 'haskimail',
    name: 'Haskimail',
    kind: 'transactional',
    domains: ['haskimail.ru'],
    alignment: { dkim: 'own_domain', spf: 'own_return_path' },
    instructions: 'https://haskimail.ru/',
  },
]
