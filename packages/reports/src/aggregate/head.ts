import { ReportError } from '../report.ts'
import { type CoreNames, type Node, type Nodes, nameOf, textOf } from '../xml/element.ts'
import { readPeriod } from './period.ts'
import type { AggregateHead, PublishedPolicy } from './types.ts'
import type { ValueReader } from './values.ts'
import type { WarningLog } from './warning-log.ts'
import { alignmentModes, discoveryMethods, policies, testingFlags } from './words.ts'

export interface HeadContext {
  names: CoreNames
  values: ValueReader
  log: WarningLog
  /** UTC epoch seconds at which the report came, where the caller knows: a period that ends later is noted. */
  receivedAt: number | null
  /** Domain of the From address of the mail that brought the report, null when there was no mail. */
  senderDomain: string | null
}

export type Metadata = Pick<
  AggregateHead,
  'orgName' | 'email' | 'extraContactInfo' | 'reportId' | 'begin' | 'end' | 'errors' | 'generator' | 'reporter' | 'reporterDerivedFrom'
>

/** Reads `report_metadata`. Throws a ReportError (`no_period`) when it says no usable period. */
export function readMetadata(children: Nodes, context: HeadContext): Metadata {
  const { names, values, log } = context
  const read = {
    orgName: null as string | null,
    email: null as string | null,
    extraContactInfo: null as string | null,
    reportId: null as string | null,
    errors: [] as string[],
    generator: null as string | null,
  }
  let range: Node | null = null
  log.within('report_metadata')
  const seen = new Set<string>()
  for (const node of children) {
    const name = names.coreName(nameOf(node))
    if (name === null) continue
    // `error` may repeat (RFC 7489).
    if (seen.has(name) && name !== 'error') log.add('repeated', name)
    seen.add(name)
    if (name === 'org_name') read.orgName ??= values.text(textOf(node), name)
    else if (name === 'email') read.email ??= values.text(textOf(node), name)
    else if (name === 'extra_contact_info') read.extraContactInfo ??= values.text(textOf(node), name)
    else if (name === 'report_id') read.reportId ??= values.text(bareId(textOf(node)), name)
    else if (name === 'generator') read.generator ??= values.text(textOf(node), name)
    else if (name === 'date_range') range ??= node
    else if (name === 'error') {
      const text = values.text(textOf(node), name)
      if (text !== null && read.errors.length < MAX_ERRORS) read.errors.push(text)
    }
  }
  if (read.reportId === null) log.add('missing', 'report_id')
  return { ...read, ...readPeriod(range, context), ...reporterOf(read.orgName, read.email, context) }
}

// RFC 7489 sets no bound. They are shown one below the other, so more are no use.
const MAX_ERRORS = 20

/** Only one pair of `<>` goes: cutting at the `@` would give different reports the same id (1.9). */
function bareId(id: string): string {
  return id.startsWith('<') && id.endsWith('>') ? id.slice(1, -1).trim() : id
}

/** Who is taken as the reporter, part of a report's key (1.9): org_name, else the domain of `email`, else that of the mail (row 48). */
function reporterOf(
  orgName: string | null,
  email: string | null,
  { log, values, senderDomain }: HeadContext,
): Pick<AggregateHead, 'reporter' | 'reporterDerivedFrom'> {
  if (orgName !== null) return { reporter: orgName.toLowerCase().replaceAll(/\s+/g, ' '), reporterDerivedFrom: 'org_name' }
  log.add('missing', 'org_name')
  const domain = email?.includes('@') ? values.domain(email, 'email') : null
  if (domain !== null) return { reporter: domain, reporterDerivedFrom: 'email' }
  if (senderDomain !== null) return { reporter: senderDomain, reporterDerivedFrom: 'sender' }
  return { reporter: '', reporterDerivedFrom: 'none' }
}

/** Reads `policy_published`. Throws a ReportError (`no_policy_domain`) without a domain. */
export function readPolicy(children: Nodes, { names, values, log }: HeadContext): PublishedPolicy {
  const found = new Map<string, string>()
  log.within('policy_published')
  for (const node of children) {
    const name = names.coreName(nameOf(node))
    if (name === null) continue
    if (found.has(name)) log.add('repeated', name)
    else found.set(name, textOf(node))
  }
  const raw = (name: string) => found.get(name) ?? ''
  const domain = values.domain(raw('domain'), 'domain')
  if (domain === null) {
    throw new ReportError({
      code: 'no_policy_domain',
      message: 'The report does not say which domain it is about.',
      where: 'policy_published/domain',
    })
  }
  const domainText = values.unicodeDomain(raw('domain'), 'domain')
  const mode = (name: string) => known(values.word(raw(name), alignmentModes, name))
  const percent = raw('pct') === '' ? null : values.integer(raw('pct'))
  const pct = percent !== null && percent >= 0 && percent <= 100 ? percent : null
  if (pct === null && raw('pct') !== '') log.add('unknown_value', 'pct', raw('pct'))
  return {
    domain,
    ...(domainText === null ? {} : { domainText }),
    p: values.word(raw('p'), policies, 'p'),
    sp: values.word(raw('sp'), policies, 'sp'),
    np: values.word(raw('np'), policies, 'np'),
    adkim: mode('adkim'),
    aspf: mode('aspf'),
    pct,
    fo: values.text(raw('fo').toLowerCase(), 'fo'),
    // Mail::DMARC 2 writes the tag's own name, `t` (1.2).
    testing: known(values.word(raw('testing') || raw('t'), testingFlags, 'testing')),
    discoveryMethod: known(values.word(raw('discovery_method'), discoveryMethods, 'discovery_method')),
  }
}

function known<T extends string>(word: T | 'unknown' | null): Exclude<T, 'unknown'> | null {
  return word === 'unknown' || word === null ? null : (word as Exclude<T, 'unknown'>)
}
