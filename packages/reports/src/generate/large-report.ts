import type { AggregateContent, GeneratedRecord } from './aggregate-xml.ts'
import { SeededRandom } from './random.ts'

export interface LargeReportOptions {
  records: number
  /** How many different envelope domains occur: a few in most reports, as many as records at worst. */
  senders?: number
  seed?: string | number
  domain?: string
  /** UTC epoch seconds of the day's midnight. */
  begin?: number
}

/** A report of any size with one record per made-up source, written as it is consumed; for load tests and benches. */
export function largeReport({
  records,
  senders = 40,
  seed = 1,
  domain = 'example.com',
  begin = 1_767_225_600,
}: LargeReportOptions): AggregateContent {
  return {
    head: {
      orgName: 'large.example',
      email: 'dmarc@large.example',
      extraContactInfo: null,
      reportId: `${domain}.${begin}.${records}`,
      begin,
      end: begin + 86_399,
      errors: [],
      generator: null,
      policy: {
        domain,
        p: 'reject',
        sp: 'reject',
        np: null,
        adkim: 'r',
        aspf: 'r',
        pct: 100,
        fo: '0',
        testing: null,
        discoveryMethod: null,
      },
    },
    records: {
      *[Symbol.iterator]() {
        const random = new SeededRandom(seed, domain)
        for (let index = 0; index < records; index++) yield recordOf(index, senders, domain, random)
      },
    },
  }
}

function recordOf(index: number, senders: number, domain: string, random: SeededRandom): GeneratedRecord {
  const signed = random.chance(0.7)
  const permitted = random.chance(0.6)
  const envelopeFrom = `${index % senders}.${permitted ? `bounce.${domain}` : 'list.example'}`
  return {
    // Documentation prefixes have too few IPv4 addresses for a large report.
    sourceIp:
      index % 3 === 0 ? `192.0.2.${index % 256}` : `2001:db8::${(index >>> 16).toString(16) || '0'}:${(index & 0xffff || 1).toString(16)}`,
    count: random.between(1, 50),
    disposition: signed || permitted ? 'none' : 'reject',
    dkim: signed ? 'pass' : 'fail',
    spf: permitted ? 'pass' : 'fail',
    headerFrom: domain,
    envelopeFrom,
    nullSender: false,
    envelopeTo: null,
    reasons: [],
    auth: {
      dkim: signed ? [{ domain, selector: 's2048', result: 'pass', humanResult: null }] : [],
      spf: [{ domain: envelopeFrom, scope: 'mfrom', result: 'pass', humanResult: null }],
    },
  }
}
