import { type MailPart, writeMail } from '../src/generate/failure-mail.ts'
import { type FailureContent, writeFeedback, writeSample } from '../src/generate/failure-report.ts'

/** Lines as mails have them. */
export const lines = (...texts: string[]): string => texts.map((it) => `${it}\r\n`).join('')

/** A report with every field that most receivers write. */
export const content: FailureContent = {
  feedbackType: 'auth-failure',
  userAgent: 'ExampleFilter/2',
  originalMailFrom: 'bounce@mailer.example',
  originalRcptTo: ['reader@example.net'],
  arrivalDate: Date.UTC(2026, 0, 1, 10, 0, 5) / 1000,
  sourceIp: '192.0.2.55',
  reportedDomain: 'example.com',
  authFailure: 'dmarc',
  identityAlignment: 'none',
  deliveryResult: 'reject',
  incidents: 1,
  authenticationResults: ['mx.example.net; dmarc=fail header.from=example.com; spf=fail smtp.mailfrom=mailer.example'],
  dkim: { domain: null, selector: null, identity: null },
  spfDns: [],
  headers: [
    { name: 'Received', value: 'from mailer.example (mailer.example [192.0.2.55]) by mx.example.net; Thu, 01 Jan 2026 10:00:04 +0000' },
    { name: 'From', value: 'Shop <shop@example.com>' },
    { name: 'To', value: 'reader@example.net' },
    { name: 'Subject', value: 'Your order' },
    { name: 'Message-ID', value: '<o1@example.com>' },
    { name: 'Content-Type', value: 'text/plain; charset=utf-8' },
  ],
  body: 'The parcel is on its way.',
}

export const feedback: string = writeFeedback(content)
export const sample: string = writeSample(content, true)

export const arf = (fields: string = feedback): MailPart => ({ type: 'message/feedback-report', content: fields })
export const shown = (message: string = sample, type = 'message/rfc822'): MailPart => ({ type, content: Buffer.from(message, 'latin1') })
export const words: MailPart = { type: 'text/plain', content: 'This is an authentication failure report.\r\n' }

/** A mail with these parts; as a failure report unless `type` says else. Mails in mails have boundaries of their own. */
export function mailOf(parts: readonly MailPart[], type?: string): Buffer {
  const boundary = `b${parts.length}${parts.reduce((sum, it) => sum + it.content.length, 0)}`
  return writeMail(parts, { boundary, ...(type === undefined ? {} : { type }) })
}
