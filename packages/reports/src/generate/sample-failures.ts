import type { FailureContent } from './failure-report.ts'
import { SeededRandom } from './random.ts'

export interface FailureSampleOptions {
  /** Author Domain that the messages claimed. */
  domain?: string
  seed?: string | number
  /** UTC epoch seconds of the first midnight. */
  firstDay: number
  days: number
}

const subjects = ['Your order', 'Invoice 4711', 'Grüße aus dem Büro', 'Счёт за январь', '請求書'] as const
const results = ['reject', 'spam', 'delivered', 'policy', null] as const
const sources = ['192.0.2.', '203.0.113.', '2001:db8:77::'] as const

/** Writes plausible failure reports about a domain, one to three a day; the same options give the same reports. */
export function* sampleFailures({ domain = 'example.com', seed = 1, firstDay, days }: FailureSampleOptions): Generator<FailureContent> {
  for (let day = 0; day < days; day++) {
    const random = new SeededRandom(seed, domain, day, 'failures')
    for (let left = random.between(1, 3); left > 0; left--)
      yield failureOf(domain, firstDay + day * 86_400 + random.between(0, 86_399), random)
  }
}

function failureOf(domain: string, arrivalDate: number, random: SeededRandom): FailureContent {
  const sourceIp = `${random.pick(sources)}${random.between(1, 250)}`
  const id = `<${random.between(1, 1e9)}@mailer.example>`
  const subject = random.pick(subjects)
  const from = `Billing <billing@${domain}>`
  const signed = random.chance(0.5)
  return {
    feedbackType: 'auth-failure',
    authFailure: 'dmarc',
    reportedDomain: domain,
    sourceIp,
    arrivalDate,
    originalMailFrom: random.chance(0.2) ? '' : 'bounce@mailer.example',
    originalRcptTo: random.chance(0.5) ? ['reader@example.net'] : [],
    deliveryResult: random.pick(results),
    identityAlignment: random.chance(0.5) ? 'none' : null,
    userAgent: 'ExampleFilter/2.1',
    incidents: random.chance(0.1) ? random.between(2, 20) : 1,
    authenticationResults: [`mx.example.net; dmarc=fail header.from=${domain}; spf=fail smtp.mailfrom=mailer.example`],
    dkim: signed
      ? { domain: 'mailer.example', selector: 's1', identity: '@mailer.example' }
      : { domain: null, selector: null, identity: null },
    spfDns: random.chance(0.3) ? [`txt : ${domain} : "v=spf1 -all"`] : [],
    headers: [
      {
        name: 'Received',
        value: `from mailer.example (mailer.example [${sourceIp}]) by mx.example.net; ${new Date(arrivalDate * 1000).toUTCString()}`,
      },
      { name: 'From', value: from },
      { name: 'To', value: 'reader@example.net' },
      { name: 'Subject', value: subject },
      { name: 'Message-ID', value: id },
      { name: 'Content-Type', value: 'text/plain; charset=utf-8' },
    ],
    body: 'The parcel is on its way.',
  }
}
