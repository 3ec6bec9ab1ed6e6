import type { Reason } from '../report.ts'
import type { OpenedMail } from './mail.ts'
import { sniff } from './sniff.ts'

// A notice is a few lines; what a letter quotes far down says nothing about the letter.
const LOOKED_AT = 4 * 1024

/** Why a mail in which no report was found is none: for an operator who wonders what all these mails are (row 13). */
export function reasonForNoReport({ header, leaves }: OpenedMail): Reason {
  const has = (type: string) => leaves.some((it) => it.type === type)
  if (header.reportType === 'delivery-status' || has('message/delivery-status') || bounceSubject.test(header.subject)) {
    return { code: 'bounce', message: 'It is a notice that a mail could not be delivered, not a report.' }
  }
  if (/\btoo big\b/i.test(header.subject) || leaves.some(({ bytes }) => isTooBigNotice(bytes))) {
    return {
      code: 'too_big_notice',
      message: 'A reporter says that its report was too large to be sent; the report itself is not in the mail.',
    }
  }
  if (header.isAutoReply || header.autoSubmitted.startsWith('auto-replied') || header.reportType === 'disposition-notification') {
    return { code: 'auto_reply', message: 'It is an automatic reply, not a report.' }
  }
  if (/^(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office)\b/i.test(header.subject)) {
    return { code: 'auto_reply', message: 'It is an automatic reply, not a report.' }
  }
  return { code: 'not_a_report', message: 'The mail holds no report.' }
}

// Mail servers that write no delivery status, qmail for one.
const bounceSubject =
  /^(?:undeliver(?:able|ed)\b|(?:mail )?delivery (?:status notification|failure|failed)|mail delivery failed|returned mail\b|failure notice\b)/i

/** The error notice of RFC 7489 7.2.2, which Mail::DMARC still sends. */
function isTooBigNotice(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.subarray(0, LOOKED_AT)).toString('latin1')
  return sniff(bytes) !== 'html' && /^report-size:/im.test(text) && /^(?:submitter|submitting-uri):/im.test(text)
}
