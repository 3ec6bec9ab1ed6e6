import {
  type AggregateContent,
  type GeneratedRecord,
  SeededRandom,
  writeAggregate,
  writeReportMail,
  type Wrapping,
  wrappings,
} from '@ruadar/reports/generate'

const daySeconds = 86_400
/** All but the one that a mailbox spoils: an IMAP server that keeps lines with LF gives bare bytes out with CR LF. */
const mailboxWrappings = wrappings.filter((wrapping) => wrapping !== 'binary')
/** 2026-01-01T00:00:00Z */
export const firstDay = 1_767_225_600

export interface TestReport {
  reporter?: string
  domain?: string
  reportId?: string
  day?: number
  records: Partial<GeneratedRecord>[]
}

/** One row that passes with both mechanisms unless told otherwise. */
export function testRecord(given: Partial<GeneratedRecord> = {}): GeneratedRecord {
  const headerFrom = given.headerFrom ?? 'example.com'
  return {
    sourceIp: '192.0.2.1',
    count: 1,
    disposition: 'none',
    dkim: 'pass',
    spf: 'pass',
    headerFrom,
    envelopeFrom: headerFrom,
    nullSender: false,
    envelopeTo: null,
    reasons: [],
    auth: {
      dkim: [{ domain: headerFrom ?? '', selector: 's1', result: 'pass', humanResult: null }],
      spf: [{ domain: headerFrom ?? '', scope: 'mfrom', result: 'pass', humanResult: null }],
    },
    ...given,
  }
}

export function testContent({
  reporter = 'receiver.example',
  domain = 'example.com',
  reportId = 'r1',
  day = 0,
  records,
}: TestReport): AggregateContent {
  const begin = firstDay + day * daySeconds
  return {
    head: {
      orgName: reporter,
      email: `dmarc@${reporter}`,
      extraContactInfo: null,
      reportId,
      begin,
      end: begin + daySeconds - 1,
      errors: [],
      generator: null,
      policy: { domain, p: 'none', sp: null, np: null, adkim: 'r', aspf: 'r', pct: 100, fo: null, testing: null, discoveryMethod: null },
    },
    records: records.map(testRecord),
  }
}

export const testXml = (report: TestReport): string => writeAggregate(testContent(report))

export function testMail(report: TestReport, wrapping: Wrapping = 'gzip'): Buffer {
  const { head } = testContent(report)
  const { begin, end, orgName, policy, reportId } = head
  return writeReportMail(testXml(report), {
    wrapping,
    reporter: orgName ?? '',
    policyDomain: policy.domain,
    reportId: reportId ?? '',
    begin,
    end,
  })
}

export interface Truth {
  messages: number
  dmarcPass: number
  reports: number
}

/** Reports of several reporters, domains and days with one to twelve rows each, and their sums. The same seed, the same mails. */
export function randomMails(count: number, seed: string): { mails: Buffer[]; truth: Truth } {
  const random = new SeededRandom(seed)
  const truth: Truth = { messages: 0, dmarcPass: 0, reports: count }
  const mails = Array.from({ length: count }, (_, index) => {
    const records = Array.from({ length: random.between(1, 12) }, () => {
      const dkim = random.chance(0.7) ? 'pass' : 'fail'
      const spf = random.chance(0.5) ? 'pass' : 'fail'
      const record = testRecord({ sourceIp: `198.51.100.${random.between(1, 200)}`, count: random.between(1, 500), dkim, spf })
      truth.messages += record.count
      if (dkim === 'pass' || spf === 'pass') truth.dmarcPass += record.count
      return record
    })
    const report = {
      reporter: `receiver-${random.between(1, 9)}.example`,
      domain: random.chance(0.8) ? 'example.com' : 'example.net',
      reportId: `${seed}-${index}`,
      day: random.between(0, 27),
      records,
    }
    return testMail(report, mailboxWrappings[index % mailboxWrappings.length])
  })
  return { mails, truth }
}
