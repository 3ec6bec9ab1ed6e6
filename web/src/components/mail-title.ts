import type { MailItem } from '@ruadar/contract'

/** What a person recognises a mail by: its subject, else the file, else the sender. */
export function mailTitle(mail: MailItem, none: string): string {
  return mail.subject || mail.filename || mail.sender || none
}
