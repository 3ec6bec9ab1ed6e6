import type { Reason } from '@ruadar/reports'
import type { MailOutcome } from './outcomes.ts'

/** A reason as it is stored: with the place in the sentence, which names the limit already. */
export function said({ code, message, where }: Reason): { code: string; message: string } {
  return { code, message: where ? `${message} (at ${where})` : message }
}

/**
 * Why a report is not taken when it is about none of our domains. One that names no domain is taken. The Policy Domain of a TLS report
 * may be the host of an MX (RFC 8460), which is not for RUADAR_DOMAINS to list: one policy that is ours is enough.
 */
export function unknownDomain(domains: readonly string[], about: readonly (string | null)[]): Omit<MailOutcome, 'part'> | undefined {
  const named = about.filter((domain) => domain !== null)
  if (domains.length === 0 || named.length === 0 || named.some((domain) => isOurs(domains, domain))) return undefined
  const message = `The report is about ${named[0]}, which RUADAR_DOMAINS does not list.`
  return { outcome: 'quarantined', code: 'unknown_domain', message }
}

const isOurs = (domains: readonly string[], domain: string): boolean =>
  domains.some((ours) => domain === ours || domain.endsWith(`.${ours}`))
