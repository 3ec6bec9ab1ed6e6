import fc from 'fast-check'
import type { PublishedPolicy } from '../src/aggregate/types.ts'
import type { AggregateContent, GeneratedRecord, XmlStyle } from '../src/generate/aggregate-xml.ts'
import type { FailureContent, FieldStyle } from '../src/generate/failure-report.ts'
import type { TlsContent } from '../src/generate/tls-json.ts'
import type { TlsFailureDetail, TlsPolicy } from '../src/tls/types.ts'

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((it) => it.replaceAll(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '').trim() || 'x')
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })
const domain = fc.constantFrom('example.com', 'mail.example.com', 'xn--bcher-kva.example', 'service.example', '_spf.example.net')
const address = fc.oneof(
  fc.nat(255).map((it) => `192.0.2.${it}`),
  fc.integer({ min: 1, max: 0xffff }).map((it) => `2001:db8::${it.toString(16)}`),
)
const seconds = fc.integer({ min: 1, max: 4_000_000_000 })
const policyWord = fc.constantFrom('none', 'quarantine', 'reject')
const verdict = fc.constantFrom('pass', 'fail')

const record: fc.Arbitrary<GeneratedRecord> = fc.record({
  sourceIp: address,
  count: fc.nat(Math.floor(Number.MAX_SAFE_INTEGER / 10)),
  disposition: fc.constantFrom('none', 'quarantine', 'reject', 'pass'),
  dkim: verdict,
  spf: verdict,
  headerFrom: domain,
  envelopeFrom: maybe(domain),
  nullSender: fc.constant(false),
  envelopeTo: maybe(domain),
  reasons: fc.array(fc.record({ type: fc.constantFrom('forwarded', 'other', 'local_policy'), comment: maybe(text) }), { maxLength: 3 }),
  auth: fc.record({
    dkim: fc.uniqueArray(
      fc.record({
        domain,
        selector: maybe(fc.stringMatching(/^[a-z0-9]{1,8}$/)),
        result: fc.constantFrom('pass', 'fail', 'temperror'),
        humanResult: maybe(text),
      }),
      { maxLength: 4, selector: (it) => `${it.domain}/${it.selector}` },
    ),
    spf: fc.array(
      fc.record({
        domain,
        scope: maybe(fc.constantFrom('mfrom', 'helo')),
        result: fc.constantFrom('pass', 'fail', 'softfail'),
        humanResult: maybe(text),
      }),
      { maxLength: 2 },
    ),
  }),
})

const policy: fc.Arbitrary<PublishedPolicy> = fc.record({
  domain,
  p: policyWord,
  sp: maybe(policyWord),
  np: maybe(policyWord),
  adkim: maybe(fc.constantFrom('r', 's')),
  aspf: maybe(fc.constantFrom('r', 's')),
  pct: maybe(fc.nat(100)),
  fo: maybe(fc.constantFrom('0', '1:d:s')),
  testing: maybe(fc.constantFrom('y', 'n')),
  discoveryMethod: maybe(fc.constantFrom('psl', 'treewalk')),
})

export const aggregateContent: fc.Arbitrary<AggregateContent & { records: GeneratedRecord[] }> = fc.record({
  head: fc
    .record({
      orgName: text,
      email: maybe(text),
      extraContactInfo: maybe(text),
      reportId: text.map((it) => it.replaceAll(/[<>]/g, '') || 'id'),
      begin: seconds,
      errors: fc.array(text, { maxLength: 2 }),
      generator: maybe(text),
      policy,
    })
    .map((head) => ({ ...head, reportId: head.reportId.trim() || 'id', end: head.begin + 86_399 })),
  records: fc.array(record, { maxLength: 5 }),
})

export const xmlStyle: fc.Arbitrary<XmlStyle> = fc.record(
  {
    dialect: fc.constantFrom('rfc7489', 'rfc9990'),
    prefix: fc.constantFrom('d', 'dmarc'),
    indent: fc.boolean(),
    declaration: fc.boolean(),
    cdata: fc.boolean(),
  },
  { requiredKeys: [] },
)

const sessions = fc.nat(1_000_000_000)
const failureDetail: fc.Arbitrary<TlsFailureDetail> = fc.record({
  resultType: fc.constantFrom('certificate-expired', 'starttls-not-supported', 'sts-policy-fetch-error', 'validation-failure'),
  sendingMtaIp: maybe(address),
  receivingMxHostname: maybe(domain),
  receivingMxHelo: maybe(domain),
  receivingIp: maybe(address),
  failedSessions: sessions,
  additionalInformation: maybe(text),
  failureReasonCode: maybe(text),
})
const tlsPolicy: fc.Arbitrary<TlsPolicy> = fc.record({
  policyType: fc.constantFrom('sts', 'tlsa', 'no-policy-found'),
  policyDomain: domain,
  policyStrings: fc.array(
    text.filter((it) => !it.startsWith('[')),
    { maxLength: 3 },
  ),
  mxHosts: fc.array(domain, { maxLength: 2 }),
  successful: sessions,
  failed: sessions,
  failureDetails: fc.array(failureDetail, { maxLength: 3 }),
})
export const tlsContent: fc.Arbitrary<TlsContent> = fc
  .record({ organization: text, contact: maybe(text), reportId: text, begin: seconds, policies: fc.array(tlsPolicy, { maxLength: 4 }) })
  .map((it) => ({ ...it, end: it.begin + 86_399 }))

// Folding makes one blank of several (RFC 5322 2.2.3), and what looks like an encoded word is one.
const fieldText = text.map((it) => it.replaceAll(/\s+/g, ' ').replaceAll('=?', '').trim() || 'x')
const fieldName = fc.constantFrom('Received', 'To', 'X-Mailer', 'DKIM-Signature', 'Reply-To')
export const failureContent: fc.Arbitrary<FailureContent> = fc
  .record({
    feedbackType: fc.constantFrom('auth-failure', 'abuse'),
    authFailure: fc.constantFrom('dmarc', 'spf', 'bodyhash'),
    reportedDomain: domain,
    sourceIp: address,
    arrivalDate: seconds,
    originalMailFrom: fc.constantFrom(null, '', 'bounce@mailer.example'),
    originalRcptTo: fc.array(fc.constantFrom('reader@example.net', 'redacted', 'lRLxexey@example.net'), { maxLength: 3 }),
    deliveryResult: fc.constantFrom(null, 'reject', 'spam', 'smg-policy-action'),
    identityAlignment: fc.constantFrom(null, 'none', 'dkim, spf'),
    userAgent: maybe(fieldText),
    incidents: fc.integer({ min: 1, max: 1000 }),
    authenticationResults: fc.array(fieldText, { maxLength: 2 }),
    dkim: fc.record({ domain: maybe(domain), selector: fc.constantFrom(null, 's1'), identity: fc.constantFrom(null, '@example.com') }),
    spfDns: fc.array(fc.constant('txt : example.com : "v=spf1 -all"'), { maxLength: 2 }),
    headers: fc.array(fc.record({ name: fieldName, value: fieldText }), { maxLength: 5 }),
    from: fieldText,
    subject: fieldText,
    body: maybe(text),
  })
  .map(({ from, subject, headers, ...rest }) => ({
    ...rest,
    headers: [
      ...headers,
      { name: 'From', value: from },
      { name: 'Subject', value: subject },
      { name: 'Message-ID', value: '<o1@example.com>' },
      { name: 'Content-Type', value: 'text/plain; charset=utf-8' },
    ],
  }))

export const fieldStyle: fc.Arbitrary<FieldStyle> = fc.record({ encodedWords: fc.boolean(), lowerCase: fc.boolean() }, { requiredKeys: [] })
