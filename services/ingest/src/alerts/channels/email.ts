import { isLoopback } from '@ruadar/platform'
import { alertWords } from '@ruadar/alerts/words'
import { createTransport } from 'nodemailer'
import { DeliveryError, type EmailTarget, type Outgoing, type Send } from './channel.ts'
import { htmlMessage, htmlPage } from './email-html.ts'

/**
 * One mail for all recipients. TLS from the start, or STARTTLS, which then has to be offered; without either on loopback only. The
 * Message-ID is the delivery's, so that a mail that was sent twice shows once.
 */
export const sendEmail: Send<EmailTarget> = async (target, outgoing, network) => {
  const { host, port, security, user, password, to, acceptInvalidCertificate = false } = target
  if (security === 'plain' && !isLoopback(host))
    throw new DeliveryError(`Without TLS the password would travel to ${host} in the clear.`, { lasting: true })
  const from = target.from || user
  if (!from?.includes('@'))
    throw new DeliveryError('The channel has no sender address: enter one, or an account that is an address.', { lasting: true })
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'plain',
    ...(user ? { auth: { user, pass: password ?? '' } } : {}),
    tls: { rejectUnauthorized: !acceptInvalidCertificate },
    connectionTimeout: network.connectMs,
    greetingTimeout: network.connectMs,
    dnsTimeout: network.connectMs,
    socketTimeout: network.wholeMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const signal = AbortSignal.any([AbortSignal.timeout(network.wholeMs), network.stopping])
  try {
    const sender = { name: 'Ruadar', address: from }
    const { response, rejected } = await transport.sendMail({ from: sender, to, signal, ...mailOf(outgoing, from) })
    return rejected.length > 0 ? `${response} (refused: ${rejected.join(', ')})` : response
  } catch (error) {
    if (signal.aborted) throw new DeliveryError(`${host} did not take the mail within ${network.wholeMs / 1000} s.`, { cause: error })
    throw describe(error, target)
  } finally {
    transport.close()
  }
}

function mailOf({ id, createdAt, channel, content, message }: Outgoing, from: string) {
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const words = alertWords[channel.language].actions
  const footer = words.reason(channel.name)
  const links = message.links.map(({ label, url }) => `${label}: ${url}`).join('\n')
  const { subject, text, html } =
    content.what === 'digest'
      ? content.digest
      : {
          subject: message.title,
          text: [message.text, ...(links ? [links] : []), `-- \n${footer}`].join('\n\n'),
          html: htmlPage({ language: channel.language, title: message.title, body: htmlMessage(message), footer }),
        }
  return {
    subject,
    text,
    html,
    date: createdAt,
    messageId: `<ruadar-${id}-${createdAt.getTime().toString(36)}@${domain}>`,
    headers: {
      // RFC 3834: nobody's holiday notice is to answer.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'List-Id': `Ruadar <ruadar.${domain}>`,
    },
  }
}

/** What nodemailer puts on an error. */
interface SmtpProblem {
  code?: string
  responseCode?: number
  response?: string
  message?: string
}

function describe(error: unknown, { host, port, user }: EmailTarget): DeliveryError {
  const problem = error as SmtpProblem
  const { code = '', responseCode = 0, message = '' } = problem
  const cause = { cause: error }
  const said = problem.response ? ` It says: ${problem.response}` : ''
  if (code === 'EAUTH')
    return new DeliveryError(`${host} refuses ${user ?? 'mail without an account'}: check user and password.${said}`, {
      lasting: true,
      ...cause,
    })
  if (/STARTTLS/.test(message)) {
    return new DeliveryError(`${host} does not offer STARTTLS on port ${port}: use TLS on port 465, or have it switched on.`, {
      lasting: true,
      ...cause,
    })
  }
  // RFC 5321 4.2.1: 5yz is final.
  if (responseCode >= 500) return new DeliveryError(`${host} refuses the mail.${said}`, { lasting: true, ...cause })
  if (responseCode >= 400) return new DeliveryError(`${host} does not take the mail now.${said}`, cause)
  if (/self-signed|self signed|certificate|altnames|unable to verify/i.test(message)) {
    return new DeliveryError(`The certificate of ${host} cannot be trusted: ${message}.`, { lasting: true, ...cause })
  }
  if (code === 'EDNS') return new DeliveryError(`There is no host ${host}, or it cannot be looked up now.`, cause)
  if (/ECONNREFUSED/.test(message))
    return new DeliveryError(`${host} refuses connections on port ${port}: check the port (465 for TLS, 587 for STARTTLS).`, cause)
  if (code === 'ETIMEDOUT') return new DeliveryError(`${host} does not answer on port ${port} in time.`, cause)
  return new DeliveryError(`${host} cannot be used: ${message || code}.`, cause)
}
