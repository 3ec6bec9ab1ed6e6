import type { ServiceKind } from '../types.ts'

/** A DNS record to publish. `{domain}` is the Author Domain; every other hole is named after what the service shows to its customer. */
export interface RecordTemplate {
  for: 'dkim' | 'return_path'
  type: 'TXT' | 'CNAME' | 'MX'
  name: string
  value: string
}

/** How mail of a service can come to pass DMARC for a customer's domain. */
export interface SenderAlignment {
  /**
   * `own_domain`: the customer can have it sign with `d=` of the Author Domain.
   * `fixed`: it signs, but always with a domain of its own. `none`: it does not sign; what it passes on keeps the signatures it came with.
   */
  dkim: 'own_domain' | 'fixed' | 'none'
  /**
   * `own_return_path`: bounces go to the service, at a host below the Author Domain if the customer asks for it.
   * `envelope_is_own`: MAIL FROM is the customer's own address: SPF aligns as soon as the domain's record lists the service.
   * `never`: MAIL FROM is always the service's own (or that of whoever the mail is passed on for).
   */
  spf: 'own_return_path' | 'envelope_is_own' | 'never'
}

/**
 * An operator of mail servers that many domains use, and how its mail is told from other mail.
 * Names are lower case; "at or below" means that `example.net` stands for `a.example.net` too.
 */
export interface KnownSender {
  /** Slug, kept for ever: it is the key under which decisions are stored. */
  id: string
  name: string
  kind: ServiceKind
  /** Passes on other people's mail, or only looks at it; without a role it sends for its customers. */
  role?: 'forwards' | 'scans'
  /** Other services send through it: a passing signature of one of them names the sender better. */
  carries?: true
  /** Domains that are all three at once: signer, bounce domain and host. */
  domains?: readonly string[]
  /** `d=` of signatures that it makes in its own name; at or below. */
  signers?: readonly string[]
  /** Selectors of keys that customers publish under their own domain; `*` stands for anything. Only what nobody else would choose. */
  selectors?: readonly string[]
  /** Usual selectors that others use too: they confirm, and never decide. */
  weakSelectors?: readonly string[]
  /** MAIL FROM domains; at or below. */
  bounces?: readonly string[]
  /** Names that its addresses have in reverse DNS; at or below, or with `*` in the leading part (`mail-*.example.net`). */
  hosts?: readonly string[]
  /** CIDR; only of ranges that the service publishes and keeps. */
  networks?: readonly string[]
  /** Autonomous systems that carry nothing but this service. */
  asns?: readonly number[]
  alignment: SenderAlignment
  /** The service's own documentation of domain authentication. */
  instructions: string
  records?: readonly RecordTemplate[]
  /** What a domain's SPF record includes for it. */
  spfInclude?: string
}
