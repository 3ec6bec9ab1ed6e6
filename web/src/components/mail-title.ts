import type { MailItem } from '@ruadar/contract'

/** Subject of report mails by RFC 7489, 7.2.1.1 and RFC 9990, 2.5.1. */
const REPORT_SUBJECT = /^report[ -]domain:\s*(\S+)\s+submitter:\s*(\S+)/i

/** The address alone of a From header with a name in front. */
export function senderAddress(sender: string | null): string | null {
  return /<([^<>]+)>\s*$/.exec(sender ?? '')?.[1] ?? sender
}

/** What a person recognises a mail by: who reports about what, else its subject, the file, or the sender. */
export function mailTitle(mail: MailItem, none: string): string {
  const [, domain, submitter] = REPORT_SUBJECT.exec(mail.subject ?? '') ?? []
  if (domain && submitter) return `${submitter} · ${domain}`
  return mail.subject || mail.filename || mail.sender || none
}
