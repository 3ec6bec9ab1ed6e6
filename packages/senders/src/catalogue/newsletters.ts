import type { KnownSender } from './types.ts'

/** Newsletter services. */
export const newsletters: readonly KnownSender[] = [
  {
    id: 'mailchimp',
    name: 'Mailchimp',
    kind: 'newsletter',
    domains: ['mcsv.net', 'mcdlv.net', 'rsgsv.net', 'mailchimpapp.net', 'mailchimp.com', 'mailchimpapp.com'],
    selectors: ['k2', 'k3'],
    weakSelectors: ['k1'],
    networks: ['205.201.128.0/20', '198.2.128.0/18', '148.105.8.0/21'],
    asns: [14782],
    alignment: { dkim: 'own_domain', spf: 'never' },
    instructions: 'https://mailchimp.com/help/set-up-email-domain-authentication/',
    records: [
      { for: 'dkim', type: 'CNAME', name: 'k2._domainkey.{domain}', value: 'dkim2.mcsv.net' },
      { for: 'dkim', type: 'CNAME', name: 'k3._domainkey.{domain}', value: 'dkim3.mcsv.net' },
    ],
  },
]
