import type { DomainRule, Finding } from '../rule.ts'

export interface MailboxTrouble {
  id: number
  name: string
  message: string
  /** UTC time, ISO 8601, and how long ago that is. */
  since: string
  minutes: number
}

/** A mailbox that has not been reached for a while. A server that restarts is no news. */
export const mailboxFailing: DomainRule<'mailbox_failing', 'minutes', readonly MailboxTrouble[]> = {
  rule: 'mailbox_failing',
  settings: { minutes: { default: 30, minimum: 1, maximum: 10_080, unit: 'minutes' } },
  tolerance: 0,
  decide(mailboxes, settings) {
    return mailboxes
      .filter(({ minutes }) => minutes >= settings.minutes)
      .map(
        ({ id, name, message, since }): Finding<'mailbox_failing'> => ({
          rule: 'mailbox_failing',
          subject: `mailbox:${id}:${since}`,
          senderId: null,
          day: since.slice(0, 10),
          facts: { mailbox: name, message, since },
          isOver: false,
        }),
      )
  },
}
