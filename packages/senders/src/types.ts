import type { DkimEvidence, SpfEvidence } from '@ruadar/dmarc'

/** What a service is to the people who hire it. */
export const serviceKinds = [
  'mailbox_provider',
  'newsletter',
  'transactional',
  'crm',
  'helpdesk',
  'invoicing',
  'security_gateway',
  'forwarder',
  'mailing_list',
  'hosting',
  'scanner',
  'application',
] as const
export type ServiceKind = (typeof serviceKinds)[number]

/** Kinds of what the catalogue does not know: a group by Organizational Domain, by network (ASN), or a bare address. */
export type GroupKind = 'domain' | 'network' | 'address'
export type SenderKind = ServiceKind | GroupKind

/** What was looked up about an address; a null name is one that the DNS does not have. */
export interface HostFacts {
  /** PTR name in lower case, without the root's dot. */
  ptr: string | null
  /** Whether that name leads back to the address. An unconfirmed name is a claim of the address's owner and proves nothing. */
  confirmed: boolean
  asn: number | null
  /** Name of the network that announces the address. */
  network: string | null
  /** ISO 3166-1 alpha-2. */
  country: string | null
}

/** One way in which mail came: an address, an Author Domain, and what authenticated. */
export interface Way {
  /** Null: the reporter left it out. */
  sourceIp: string | null
  /** Author Domain. */
  headerFrom: string
  /** MAIL FROM domain; empty: null sender; null: not reported. */
  envelopeFrom: string | null
  dkim: readonly DkimEvidence[]
  spf: readonly SpfEvidence[]
  /** Null: not looked up, or not yet. */
  host: HostFacts | null
}

/** What spoke for an identity, strongest first. */
export interface IdentityEvidence {
  by: 'operator_rule' | 'signature' | 'selector' | 'bounce_domain' | 'host' | 'network' | 'address'
  /** The domain, selector, host name, network or address, as reported or looked up. */
  value: string
}

/** Who operates a source. */
export interface Identity {
  /** Stable: `known:mailchimp`, `rule:12`, `domain:example.net`, `as:64500`, `address:192.0.2.1`. */
  key: string
  name: string
  kind: SenderKind
  evidence: IdentityEvidence[]
}
