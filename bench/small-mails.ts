import { SeededRandom, wrappings } from '../packages/reports/src/generate/index.ts'
import { testMail } from '../tests/harness/reports.ts'

/**
 * Mails with a report of 10 records each, in gzip, zip and bare. Reporter, domain and day differ from report to report, as with a provider
 * of many domains: nothing falls together in the sums. Those with another tag are other reports.
 */
export function* smallMails(count: number, tag = ''): Generator<{ mail: Buffer; messages: number }> {
  const random = new SeededRandom('bench')
  for (let index = 0; index < count; index++) {
    const records = Array.from({ length: 10 }, () => ({
      sourceIp: `198.51.${random.between(0, 255)}.${random.between(1, 254)}`,
      count: random.between(1, 500),
      dkim: random.chance(0.7) ? ('pass' as const) : ('fail' as const),
      spf: random.chance(0.5) ? ('pass' as const) : ('fail' as const),
    }))
    const report = {
      reporter: `receiver-${index % 20}.example`,
      domain: `d${index % 300}.example`,
      day: index % 97,
      reportId: `r-${tag}${index}`,
      records,
    }
    yield { mail: testMail(report, wrappings[index % 3]), messages: records.reduce((sum, { count: messages }) => sum + messages, 0) }
  }
}
