/**
 * Writes a mail with a failure report anew without the body of the message that it shows. The outer header stays, so that the reporter
 * is the same; text for people and other attachments go. Reading it gives the same report with the same hash.
 */
export function writeReducedMail(
  outer: readonly { name: string; lines: string }[],
  report: { type: string; content: string },
  sample: string | null,
  hash: string,
): Uint8Array {
  const boundary = `reduced-${hash.slice(0, 40)}`
  // What is no text would hide that it is a mail.
  const kept = outer
    .filter((it) => !/^(?:content-[\w-]*|mime-version)$/i.test(it.name))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .map((it) => it.lines.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '?'))
  const reportType = report.type === 'message/feedback-report' ? 'report-type=feedback-report; ' : ''
  const parts = [
    part('text/plain', note),
    part(report.type, report.content),
    ...(sample === null ? [] : [part('text/rfc822-headers', sample)]),
  ]
  const text = [
    // First, so that it is known as a mail whatever stands below.
    `MIME-Version: 1.0\r\nContent-Type: multipart/report; ${reportType}boundary="${boundary}"\r\n`,
    ...kept,
    '\r\n',
    ...parts.map((it) => `--${boundary}\r\n${it}\r\n`),
    `--${boundary}--\r\n`,
  ].join('')
  return Buffer.from(text, 'latin1')
}

const note = 'The body of the message that this failure report is about was not stored.\r\n'

/** Anything but plain lines is packed, so that no gateway, line end or boundary can change a byte. */
function part(type: string, content: string): string {
  const plain = /^(?:[\t\x20-\x7e]{0,900}\r\n)*$/.test(content)
  const body = plain ? content : Buffer.from(content, 'latin1').toString('base64').replaceAll(/.{76}/g, '$&\r\n')
  return `Content-Type: ${type}\r\nContent-Transfer-Encoding: ${plain ? '7bit' : 'base64'}\r\n\r\n${body}`
}
