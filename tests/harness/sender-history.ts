import { type GeneratedRecord, SeededRandom, writeAggregate, writeReportMail } from '@ruadar/reports/generate'
import type { HostFacts } from '@ruadar/senders'
import { firstDay, testContent } from './reports.ts'

export const historyDomain = 'example.com'
export const historyDays = 60
/** Day on which the new service begins. */
export const newServiceDay = 50

const reporters = ['mailbox.example', 'freemail.example', 'post.example', 'gateway.example']

/** How one sender's mail comes in, and what has to be found out about it. */
interface WrittenSender {
  /** Key that it has to be identified by. */
  key: string
  state: 'own' | 'approved' | 'forwarder' | 'unknown' | 'rejected'
  diagnosis: string | null
  addresses: string[]
  host: Partial<HostFacts> | null
  /** Messages of a day, to a reporter of full size. */
  messages: number
  from?: number
  /** Sends on every so many days only. */
  every?: number
  dkim: { domain: string; selector: string; result: 'pass' | 'fail' }[]
  spf: { domain: string; result: 'pass' | 'fail' | 'softfail' | 'permerror' }
  reasons?: GeneratedRecord['reasons']
}

const own = historyDomain
const ownKey = { domain: own, selector: 'ruadar2026', result: 'pass' } as const

/** The own server, eight services of which some were never set up, three forwarders, a mailing list and a service that comes late. */
const senders: WrittenSender[] = [
  {
    key: 'domain:example.com',
    state: 'own',
    diagnosis: null,
    addresses: ['192.0.2.10', '2001:db8:10::10'],
    host: { ptr: 'mail.example.com', confirmed: true },
    messages: 120,
    dkim: [ownKey],
    spf: { domain: own, result: 'pass' },
  },
  {
    key: 'known:google',
    state: 'approved',
    diagnosis: null,
    addresses: ['192.0.2.40', '192.0.2.41'],
    host: { ptr: 'mail-sor-f41.google.com', confirmed: true },
    messages: 200,
    dkim: [{ domain: own, selector: 'google', result: 'pass' }],
    spf: { domain: own, result: 'pass' },
  },
  {
    key: 'known:mailchimp',
    state: 'approved',
    diagnosis: null,
    addresses: ['192.0.2.60', '192.0.2.61', '192.0.2.62'],
    host: null,
    messages: 90,
    dkim: [{ domain: own, selector: 'k2', result: 'pass' }],
    spf: { domain: 'mail1.mcsv.net', result: 'pass' },
  },
  {
    key: 'known:sendgrid',
    state: 'unknown',
    diagnosis: 'signed_by_service',
    addresses: ['198.51.100.20', '198.51.100.21'],
    host: { ptr: 'o1.ptr20.sendgrid.net', confirmed: true },
    messages: 60,
    dkim: [{ domain: 'sendgrid.net', selector: 'smtpapi', result: 'pass' }],
    spf: { domain: 'sendgrid.net', result: 'pass' },
  },
  {
    key: 'known:zendesk',
    state: 'unknown',
    diagnosis: 'not_signed',
    addresses: ['198.51.100.30'],
    host: { ptr: 'outbyoip1.pod17.use1.zdsys.com', confirmed: true },
    messages: 25,
    dkim: [],
    spf: { domain: 'zendesk.com', result: 'pass' },
  },
  {
    key: 'known:amazon-ses',
    state: 'unknown',
    diagnosis: 'signed_by_service',
    addresses: ['198.51.100.40', '198.51.100.41'],
    host: { ptr: 'a8-41.smtp-out.amazonses.com', confirmed: true },
    messages: 40,
    dkim: [{ domain: 'amazonses.com', selector: 'abcdefghijklmnopqrstuvwxyz234567', result: 'pass' }],
    spf: { domain: 'amazonses.com', result: 'pass' },
  },
  {
    key: 'known:microsoft-365',
    state: 'unknown',
    diagnosis: 'not_signed',
    addresses: ['198.51.100.50', '198.51.100.51'],
    host: { ptr: 'mail-db8eur05on2045.outbound.protection.outlook.com', confirmed: true },
    messages: 30,
    dkim: [],
    spf: { domain: own, result: 'fail' },
  },
  {
    key: 'known:unisender',
    state: 'unknown',
    diagnosis: 'signature_breaks',
    addresses: ['198.51.100.60'],
    host: null,
    messages: 50,
    dkim: [{ domain: own, selector: 'us', result: 'fail' }],
    spf: { domain: 'mail.unisender.com', result: 'pass' },
  },
  {
    key: 'known:hubspot',
    state: 'approved',
    diagnosis: null,
    addresses: ['198.51.100.70'],
    host: null,
    messages: 35,
    dkim: [{ domain: own, selector: 'hs1-123456', result: 'pass' }],
    spf: { domain: 'bf01.eu1.hubspotemail.net', result: 'pass' },
  },
  // Forwarders: one that rewrites the sender, one that does not, one that the catalogue knows.
  {
    key: 'domain:forwarder.example',
    state: 'forwarder',
    diagnosis: null,
    addresses: ['203.0.113.20'],
    host: { ptr: 'out.forwarder.example', confirmed: true },
    messages: 8,
    dkim: [{ domain: own, selector: 'google', result: 'pass' }],
    spf: { domain: 'srs.forwarder.example', result: 'pass' },
  },
  {
    key: 'domain:university.example',
    state: 'forwarder',
    diagnosis: null,
    addresses: ['203.0.113.30', '203.0.113.31'],
    host: { ptr: 'alumni.university.example', confirmed: true },
    messages: 6,
    from: 25,
    dkim: [ownKey],
    spf: { domain: own, result: 'fail' },
  },
  {
    key: 'known:pobox',
    state: 'forwarder',
    diagnosis: null,
    addresses: ['203.0.113.40'],
    host: { ptr: 'pb-smtp1.pobox.com', confirmed: true },
    messages: 5,
    from: 30,
    dkim: [ownKey],
    spf: { domain: 'pobox.com', result: 'pass' },
  },
  {
    key: 'domain:association.example',
    state: 'forwarder',
    diagnosis: 'forwarded',
    addresses: ['203.0.113.50'],
    host: { ptr: 'lists.association.example', confirmed: true },
    messages: 12,
    every: 3,
    dkim: [
      { domain: own, selector: 'google', result: 'fail' },
      { domain: 'lists.association.example', selector: 'list', result: 'pass' },
    ],
    spf: { domain: 'lists.association.example', result: 'pass' },
    reasons: [{ type: 'mailing_list', comment: null }],
  },
  {
    key: 'known:brevo',
    state: 'unknown',
    diagnosis: 'signed_by_service',
    addresses: ['198.51.100.80', '198.51.100.81', '198.51.100.82'],
    host: null,
    messages: 30,
    from: newServiceDay,
    dkim: [{ domain: 'sender-sib.com', selector: 'mail', result: 'pass' }],
    spf: { domain: 'bounces.sender-sib.com', result: 'pass' },
  },
]

export const spoofingNetworks = 40

/** Forgers: an address or two each in a network of its own, a few messages on a few days, no name and no signature. */
function spoofers(): WrittenSender[] {
  const random = new SeededRandom('spoofers')
  return Array.from({ length: spoofingNetworks }, (_, index): WrittenSender => {
    const address = `2001:db8:${(0x100 + index).toString(16)}::25`
    return {
      key: `address:${address}`,
      state: 'rejected',
      diagnosis: 'spoofed',
      addresses: [address],
      host: random.chance(0.5) ? { ptr: null } : null,
      messages: random.between(1, 3),
      from: random.between(0, 50),
      every: random.between(15, 25),
      dkim: [],
      spf: { domain: own, result: 'fail' },
    }
  })
}

export const writtenSenders: readonly WrittenSender[] = [...senders, ...spoofers()]
export const newService = 'known:brevo'

/** What a resolver answers for each address of the history; null: nothing. */
export const writtenHosts: ReadonlyMap<string, HostFacts> = new Map(
  writtenSenders.flatMap(({ addresses, host }) =>
    addresses.map((address): [string, HostFacts] => [
      address,
      { ptr: null, confirmed: false, asn: null, network: null, country: null, ...host },
    ]),
  ),
)

export interface WrittenReport {
  day: number
  reporter: string
  mail: Buffer
}

/** The reports of the history in the order of their days; the same mails each time. `shift`: days by which all of it happens later. */
export function writtenHistory({ shift = 0 }: { shift?: number } = {}): WrittenReport[] {
  return Array.from({ length: historyDays }, (_, day) =>
    reporters.flatMap((reporter, place): WrittenReport[] => {
      const random = new SeededRandom('history', day, reporter)
      const records = writtenSenders.flatMap((sender) => recordsOf(sender, day, 1 / (place + 1), random))
      return records.length === 0 ? [] : [{ day, reporter, mail: toMail(day + shift, reporter, records) }]
    }),
  ).flat()
}

function recordsOf(sender: WrittenSender, day: number, size: number, random: SeededRandom): GeneratedRecord[] {
  const { from = 0, every = 1, addresses } = sender
  if (day < from || (day - from) % every !== 0) return []
  const total = Math.round(sender.messages * size * (0.8 + random.between(0, 40) / 100))
  return addresses.flatMap((sourceIp, index) => {
    const count = Math.floor(total / addresses.length) + (index < total % addresses.length ? 1 : 0)
    return count === 0 ? [] : [toRecord(sender, sourceIp, count)]
  })
}

function toRecord({ dkim, spf, reasons = [] }: WrittenSender, sourceIp: string, count: number): GeneratedRecord {
  const aligned = (domain: string) => domain === own || domain.endsWith(`.${own}`)
  const isListed = dkim.some((it) => it.result === 'pass' && aligned(it.domain))
  return {
    sourceIp,
    count,
    disposition: 'none',
    dkim: isListed ? 'pass' : 'fail',
    spf: spf.result === 'pass' && aligned(spf.domain) ? 'pass' : 'fail',
    headerFrom: own,
    envelopeFrom: spf.domain,
    nullSender: false,
    envelopeTo: null,
    reasons,
    auth: {
      dkim: dkim.map((it) => ({ ...it, humanResult: null })),
      spf: [{ domain: spf.domain, scope: 'mfrom', result: spf.result, humanResult: null }],
    },
  }
}

function toMail(day: number, reporter: string, records: GeneratedRecord[]): Buffer {
  const reportId = `${reporter}-${day}`
  const { head } = testContent({ reporter, domain: own, reportId, day, records: [] })
  const { begin, end } = head
  return writeReportMail(writeAggregate({ head, records }), { wrapping: 'gzip', reporter, policyDomain: own, reportId, begin, end })
}

/** UTC day of the history's n-th day. */
export const historyDay = (day: number): string => new Date((firstDay + day * 86_400) * 1000).toISOString().slice(0, 10)
