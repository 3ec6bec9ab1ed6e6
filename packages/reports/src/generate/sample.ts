import type { AggregateContent, GeneratedRecord } from './aggregate-xml.ts'
import { SeededRandom } from './random.ts'

const DAY = 86_400

export interface SampleOptions {
  /** Policy Domain; an example domain unless somebody wants it otherwise. */
  domain?: string
  seed?: string | number
  /** UTC epoch seconds of the first midnight. */
  firstDay: number
  days: number
}

export interface SampleReport {
  /** Domain of the reporter. */
  reporter: string
  content: AggregateContent
}

/** Who sends as the domain in the sample, and how well: each is a case that a postmaster meets. */
interface Sender {
  address: (random: SeededRandom) => string
  messages: number
  dkimDomain: string | null
  /** Selector of its key; `s1` is that of the own servers, which mail that is passed on carries too. */
  selector?: string
  spfDomain: string
  spf: 'pass' | 'fail' | 'softfail'
  /** First and last day of the sample on which it sends. */
  from?: number
  to?: number
}

const reporters = [
  { domain: 'mailbox.example', orgName: 'mailbox.example', share: 1, style: 'inclusive' },
  { domain: 'post.example', orgName: 'Post Office Example', share: 0.4, style: 'exclusive' },
  { domain: 'freemail.example', orgName: 'freemail.example', share: 0.7, style: 'inclusive' },
  { domain: 'gateway.example', orgName: 'Mail Gateway Example', share: 0.1, style: 'exclusive' },
] as const

function sendersOf(domain: string, days: number): Sender[] {
  return [
    // The own mail servers, IPv4 and IPv6: everything aligned.
    { address: (random) => `192.0.2.${random.between(10, 13)}`, messages: 900, dkimDomain: domain, spfDomain: domain, spf: 'pass' },
    { address: (random) => `2001:db8:10::${random.between(10, 12)}`, messages: 400, dkimDomain: domain, spfDomain: domain, spf: 'pass' },
    // A newsletter service that signs for the domain: DKIM aligned, SPF passes for the service.
    {
      address: (random) => `198.51.100.${random.between(20, 35)}`,
      messages: 350,
      dkimDomain: domain,
      selector: 'news1',
      spfDomain: 'bounce.newsletter.example',
      spf: 'pass',
    },
    // A ticket system nobody has set up: both pass, both for the service.
    {
      address: (random) => `198.51.100.${random.between(90, 92)}`,
      messages: 60,
      dkimDomain: 'tickets.example',
      spfDomain: 'tickets.example',
      spf: 'pass',
    },
    // A printer in a branch office: no signature, not permitted.
    { address: () => '203.0.113.77', messages: 5, dkimDomain: null, spfDomain: domain, spf: 'softfail' },
    // Forwarders: the signature survives, SPF does not.
    {
      address: (random) => `203.0.113.${random.between(120, 160)}`,
      messages: 40,
      dkimDomain: domain,
      spfDomain: 'forward.example',
      spf: 'pass',
    },
    // Somebody else: a wave of forged mail for two days.
    {
      address: (random) => `203.0.113.${random.between(1, 60)}`,
      messages: 700,
      dkimDomain: null,
      spfDomain: domain,
      spf: 'fail',
      from: Math.floor(days * 0.6),
      to: Math.floor(days * 0.6) + 1,
    },
    // A new service that began to send a few days ago.
    {
      address: () => '198.51.100.200',
      messages: 25,
      dkimDomain: 'crm.example',
      spfDomain: 'crm.example',
      spf: 'pass',
      from: Math.max(0, days - 5),
    },
  ]
}

/** Writes a plausible history of a domain, a report per reporter and day; the same options give the same reports. */
export function* sampleReports({ domain = 'example.com', seed = 1, firstDay, days }: SampleOptions): Generator<SampleReport> {
  for (let day = 0; day < days; day++) {
    for (const reporter of reporters) {
      const random = new SeededRandom(seed, domain, day, reporter.domain)
      const begin = firstDay + day * DAY
      const records = sendersOf(domain, days).flatMap((sender) => recordsOf(sender, day, begin, reporter.share, domain, random))
      if (records.length === 0) continue
      yield {
        reporter: reporter.domain,
        content: {
          head: {
            orgName: reporter.orgName,
            email: `noreply-dmarc@${reporter.domain}`,
            extraContactInfo: `https://${reporter.domain}/dmarc`,
            reportId: `${begin}.${domain}`,
            begin,
            end: begin + DAY - (reporter.style === 'inclusive' ? 1 : 0),
            errors: [],
            generator: null,
            policy: {
              domain,
              p: 'quarantine',
              sp: 'none',
              np: null,
              adkim: 'r',
              aspf: 'r',
              pct: 100,
              fo: '1',
              testing: null,
              discoveryMethod: null,
            },
          },
          records,
        },
      }
    }
  }
}

function recordsOf(sender: Sender, day: number, begin: number, share: number, domain: string, random: SeededRandom): GeneratedRecord[] {
  if (day < (sender.from ?? 0) || day > (sender.to ?? Infinity)) return []
  const weekend = [0, 6].includes(new Date(begin * 1000).getUTCDay())
  let left = Math.round(sender.messages * share * (weekend ? 0.3 : 1) * (0.6 + 0.8 * random.next()))
  const records = new Map<string, GeneratedRecord>()
  while (left > 0) {
    const count = Math.min(left, random.between(1, Math.max(1, Math.ceil(left * 0.6))))
    const sourceIp = sender.address(random)
    const known = records.get(sourceIp)
    if (known) known.count += count
    else records.set(sourceIp, recordOf(sender, sourceIp, count, domain, random))
    left -= count
  }
  return [...records.values()]
}

function recordOf(sender: Sender, sourceIp: string, count: number, domain: string, random: SeededRandom): GeneratedRecord {
  const dkim = sender.dkimDomain === domain ? 'pass' : 'fail'
  const spf = sender.spfDomain === domain && sender.spf === 'pass' ? 'pass' : 'fail'
  const failed = dkim === 'fail' && spf === 'fail'
  const override = failed && random.chance(0.05)
  return {
    sourceIp,
    count,
    disposition: failed && !override ? 'quarantine' : 'none',
    dkim,
    spf,
    headerFrom: domain,
    envelopeFrom: sender.spfDomain,
    nullSender: false,
    envelopeTo: null,
    reasons: override ? [{ type: 'local_policy', comment: 'known correspondent' }] : [],
    auth: {
      dkim:
        sender.dkimDomain === null
          ? []
          : [{ domain: sender.dkimDomain, selector: sender.selector ?? 's1', result: 'pass', humanResult: null }],
      spf: [{ domain: sender.spfDomain, scope: 'mfrom', result: sender.spf, humanResult: null }],
    },
  }
}
