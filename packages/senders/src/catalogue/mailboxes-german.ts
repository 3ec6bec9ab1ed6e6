import type { KnownSender } from './types.ts'

/** Mailbox providers of Germany. */
export const germanMailboxes: readonly KnownSender[] = [
  {
    id: 'gmx-web-de',
    name: 'GMX / WEB.DE / mail.com',
    kind: 'mailbox_provider',
    domains: ['gmx.net', 'gmx.de', 'gmx.com', 'gmx.at', 'gmx.ch', 'web.de', 'mail.com'],
    alignment: { dkim: 'fixed', spf: 'never' },
    instructions: 'https://postmaster.gmx.net/',
  },
  {
    id: 'ionos',
    name: 'IONOS Mail',
    kind: 'mailbox_provider',
    domains: ['kundenserver.de', 'perfora.net', 'ionos.com', '1and1.com'],
    selectors: ['s1-ionos', 's2-ionos', 's42582890'],
    alignment: { dkim: 'own_domain', spf: 'envelope_is_own' },
    instructions: 'https://www.ionos.com/help/email/',
    records: [
      { for: 'dkim', type: 'CNAME', name: 's1-ionos._domainkey.{domain}', value: 's1.dkim.ionos.com' },
      { for: 'dkim', type: 'CNAME', name: 's2-ionos._domainkey.{domain}', value: 's2.dkim.ionos.com' },
    ],
    spfInclude: '_spf-eu.ionos.com',
  },
  {
    id: 'mailbox-org',
    name: 'mailbox.org',
    kind: 'mailbox_provider',
    domains: ['mailbox.org'],
    selectors: ['mbo0001', 'mbo0002', 'mbo0003', 'mbo0004'],
    alignment: { dkim: 'own_domain', spf: 'envelope_is_own' },
    instructions: 'https://kb.mailbox.org/',
    records: [
      { for: 'dkim', type: 'CNAME', name: 'mbo0001._domainkey.{domain}', value: 'mbo0001._domainkey.mailbox.org' },
      { for: 'dkim', type: 'CNAME', name: 'mbo0002._domainkey.{domain}', value: 'mbo0002._domainkey.mailbox.org' },
      { for: 'dkim', type: 'CNAME', name: 'mbo0003._domainkey.{domain}', value: 'mbo0003._domainkey.mailbox.org' },
      { for: 'dkim', type: 'CNAME', name: 'mbo0004._domainkey.{domain}', value: 'mbo0004._domainkey.mailbox.org' },
    ],
    spfInclude: 'mailbox.org',
  },
  {
    id: 'posteo',
    name: 'Posteo',
    kind: 'mailbox_provider',
    domains: ['posteo.de', 'posteo.net'],
    alignment: { dkim: 'fixed', spf: 'never' },
    instructions: 'https://posteo.de/en/help',
  },
  {
    id: 't-online',
    name: 'T-Online',
    kind: 'mailbox_provider',
    domains: ['t-online.de'],
    hosts: ['telekom.de'],
    alignment: { dkim: 'fixed', spf: 'never' },
    instructions: 'https://postmaster.t-online.de/',
  },
  {
    id: 'freenet',
    name: 'freenet Mail',
    kind: 'mailbox_provider',
    domains: ['freenet.de'],
    alignment: { dkim: 'fixed', spf: 'never' },
    instructions: 'https://email-hilfe.freenet.de/',
  },
]
