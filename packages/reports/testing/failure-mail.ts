/** Lines as mails have them. */
export const lines = (...texts: string[]): string => texts.map((it) => `${it}\r\n`).join('')

export const feedback = lines(
  'Feedback-Type: auth-failure',
  'User-Agent: ExampleFilter/2',
  'Version: 1',
  'Original-Mail-From: <bounce@mailer.example>',
  'Original-Rcpt-To: <reader@example.net>',
  'Arrival-Date: Thu, 01 Jan 2026 10:00:05 +0000',
  'Source-IP: 192.0.2.55',
  'Reported-Domain: example.com',
  'Auth-Failure: dmarc',
  'Identity-Alignment: none',
  'Delivery-Result: reject',
  'Authentication-Results: mx.example.net; dmarc=fail header.from=example.com;',
  '  spf=fail smtp.mailfrom=mailer.example',
)

export const sample = lines(
  'Received: from mailer.example (mailer.example [192.0.2.55])',
  '\tby mx.example.net; Thu, 01 Jan 2026 10:00:04 +0000',
  'From: Shop <shop@example.com>',
  'To: reader@example.net',
  'Subject: Your order',
  'Message-ID: <o1@example.com>',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'The parcel is on its way.',
)

export interface MailPart {
  type: string
  content: string | Uint8Array
  encoding?: 'base64'
}

export const arf = (content: string = feedback): MailPart => ({ type: 'message/feedback-report', content })
export const shown = (content: string = sample, type = 'message/rfc822'): MailPart => ({ type, content })
export const words: MailPart = { type: 'text/plain', content: 'This is an authentication failure report.\r\n' }

/** A mail with these parts; as a failure report unless `type` says else. */
export function mailOf(parts: readonly MailPart[], type = 'multipart/report; report-type=feedback-report'): Buffer {
  const boundary = `b${parts.length}${parts.reduce((sum, it) => sum + it.content.length, 0)}`
  const head = lines(
    'From: Reports <noreply@mx.example>',
    'To: ruf@example.com',
    'Subject: FW: Your order',
    'Date: Thu, 01 Jan 2026 10:01:00 +0000',
    'MIME-Version: 1.0',
    `Content-Type: ${type}; boundary="${boundary}"`,
    '',
  )
  const body = parts.map(({ type: partType, content, encoding }) => {
    const bytes = Buffer.from(content)
    const text = encoding ? bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n') : bytes.toString('latin1')
    return `--${boundary}\r\nContent-Type: ${partType}\r\n${encoding ? `Content-Transfer-Encoding: ${encoding}\r\n` : ''}\r\n${text}\r\n`
  })
  return Buffer.from(`${head}${body.join('')}--${boundary}--\r\n`, 'latin1')
}
