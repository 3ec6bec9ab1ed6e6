import type { TlsFailureDetail, TlsPolicy } from '../tls/types.ts'
import { SeededRandom } from './random.ts'
import type { TlsContent } from './tls-json.ts'

const DAY = 86_400

export interface TlsSampleOptions {
  /** Recipient domain that the reports are about. */
  domain?: string
  seed?: string | number
  /** UTC epoch seconds of the first midnight. */
  firstDay: number
  days: number
}

const senders = ['mailbox.example', 'post.example', 'freemail.example'] as const

/** Writes a plausible history of TLS reports about a domain, one per sender and day; the same options give the same reports. */
export function* sampleTlsReports({ domain = 'example.com', seed = 1, firstDay, days }: TlsSampleOptions): Generator<TlsContent> {
  for (let day = 0; day < days; day++) {
    for (const sender of senders) {
      const random = new SeededRandom(seed, domain, day, sender, 'tls')
      const begin = firstDay + day * DAY
      yield {
        organization: sender,
        contact: `tls-reports@${sender}`,
        reportId: `${new Date(begin * 1000).toISOString().slice(0, 10)}_${domain}`,
        begin,
        end: begin + DAY - 1,
        policies: [stsPolicy(domain, random), ...(random.chance(0.3) ? [danePolicy(domain, random)] : [])],
      }
    }
  }
}

function stsPolicy(domain: string, random: SeededRandom): TlsPolicy {
  const failureDetails = random.chance(0.25) ? [failureOf(random, `mx1.${domain}`, stsFailures)] : []
  return {
    policyType: 'sts',
    policyDomain: domain,
    policyStrings: ['version: STSv1', 'mode: enforce', `mx: *.${domain}`, 'max_age: 604800'],
    mxHosts: [`*.${domain}`],
    successful: random.between(100, 2000),
    failed: sessionsOf(failureDetails),
    failureDetails,
  }
}

function danePolicy(domain: string, random: SeededRandom): TlsPolicy {
  const failureDetails = random.chance(0.25) ? [failureOf(random, `mx2.${domain}`, daneFailures)] : []
  return {
    policyType: 'tlsa',
    policyDomain: `mx2.${domain}`,
    policyStrings: [`3 1 1 ${'0123456789abcdef'.repeat(4)}`],
    mxHosts: [],
    successful: random.between(10, 200),
    failed: sessionsOf(failureDetails),
    failureDetails,
  }
}

const stsFailures = ['certificate-expired', 'certificate-host-mismatch', 'starttls-not-supported', 'sts-policy-fetch-error'] as const
const daneFailures = ['tlsa-invalid', 'dnssec-invalid', 'validation-failure'] as const

function failureOf(random: SeededRandom, host: string, results: readonly [string, ...string[]]): TlsFailureDetail {
  const resultType = random.pick(results)
  // Nobody was connected to when the policy itself could not be fetched.
  const connected = resultType !== 'sts-policy-fetch-error'
  return {
    resultType,
    sendingMtaIp: connected ? `198.51.100.${random.between(1, 254)}` : null,
    receivingMxHostname: connected ? host : null,
    receivingMxHelo: connected && random.chance(0.3) ? host : null,
    receivingIp: connected ? `2001:db8::${random.between(1, 9)}` : null,
    failedSessions: random.between(1, 30),
    additionalInformation: random.chance(0.2) ? 'https://mailbox.example/tls-help' : null,
    failureReasonCode: random.chance(0.3) ? 'X509_V_ERR_CERT_HAS_EXPIRED' : null,
  }
}

const sessionsOf = (details: readonly TlsFailureDetail[]): number => details.reduce((sum, it) => sum + it.failedSessions, 0)
