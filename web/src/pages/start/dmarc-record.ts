export interface PublishedRecord {
  name: string
  value: string
}

const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/

/** A domain as typed, in its DNS form (punycode), or null when it is none. */
export function dnsName(typed: string): string | null {
  const text = typed.trim().replace(/\.$/, '')
  if (text === '' || /[\s/:@?#]/.test(text)) return null
  let name: string
  try {
    name = new URL(`http://${text}/`).hostname
  } catch {
    return null
  }
  const labels = name.split('.')
  if (name.length > 253 || labels.length < 2 || /^\d+$/.test(labels.at(-1) ?? '') || !labels.every((label) => LABEL.test(label)))
    return null
  return name
}

const isBelow = (name: string, parent: string): boolean => name === parent || name.endsWith(`.${parent}`)

/**
 * What to publish so that reports come: the policy record that only watches (p=none), and, where reports go to another
 * domain, the record by which that domain agrees to take them (RFC 9990, section 4).
 *
 * @param domain a DNS name
 * @param mailbox address that receives the reports
 */
export function recordsFor(domain: string, mailbox: string): PublishedRecord[] {
  const records = [{ name: `_dmarc.${domain}`, value: `v=DMARC1; p=none; rua=mailto:${encodeMailbox(mailbox)}` }]
  const receiver = dnsName(mailbox.slice(mailbox.lastIndexOf('@') + 1))
  if (receiver && !isBelow(receiver, domain) && !isBelow(domain, receiver)) {
    records.push({ name: `${domain}._report._dmarc.${receiver}`, value: 'v=DMARC1' })
  }
  return records
}

/** Comma, semicolon, exclamation mark and space end an address inside `rua`. */
function encodeMailbox(mailbox: string): string {
  return mailbox.replace(/[,;!\s%]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}
