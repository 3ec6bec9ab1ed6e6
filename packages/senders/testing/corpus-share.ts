import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { type AggregateRecord, fromBytes, readInput } from '@ruadar/reports'
import { catalogue, catalogueVersion, createIdentifier, type Identity } from '../src/index.ts'

/*
 * How much of real mail gets a name: `npm run corpus:senders`. Reads the samples beside the checkout and identifies what the reports about
 * real domains hold. Nothing is looked up, so that reverse names and networks, which name more, are missing here.
 */

const corpus = new URL('../../../../shared/corpus/aggregate/', import.meta.url)
const LARGEST = 10
// RFC 2606, 6761, 7686 and what those who publish samples put in the place of names.
const PLACEHOLDER = /(?:^|\.)(?:example|test|invalid|localhost|local|onion|internal|example\.(?:com|net|org|edu))$/
// RFC 5737, 3849, 1918, 6598, loopback and link-local: nobody sends from there.
const NOWHERE =
  /^(?:192\.0\.2|198\.51\.100|203\.0\.113|10|127|0|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^2001:db8:|^f[cd]|^fe80:|^::/

const print = (line: string) => process.stdout.write(`${line}\n`)

type Share = 'a name from the catalogue' | 'the name of a domain' | 'only an address'
const shareOf = ({ kind }: Identity): Share =>
  kind === 'address' ? 'only an address' : kind === 'domain' ? 'the name of a domain' : 'a name from the catalogue'

interface Count {
  messages: number
  records: number
}

class Tally {
  readonly #counts = new Map<string, Count>()

  add(name: string, messages: number): void {
    const count = this.#counts.get(name) ?? { messages: 0, records: 0 }
    this.#counts.set(name, { messages: count.messages + messages, records: count.records + 1 })
  }

  largest(): [string, Count][] {
    return [...this.#counts].toSorted(([, a], [, b]) => b.messages - a.messages)
  }
}

const isSomewhere = ({ sourceIp }: AggregateRecord): boolean => sourceIp !== null && !NOWHERE.test(sourceIp)
const hasRealDomain = ({ headerFrom }: AggregateRecord): boolean =>
  headerFrom !== null && !headerFrom.split(/[,\s]+/).some((domain) => PLACEHOLDER.test(domain))

/** What a record shows, short: the address, the bounce domains and signatures with their results. */
function sketch({ sourceIp, headerFrom, auth }: AggregateRecord): string {
  const checks = auth.spf.map((it) => `${it.domain} ${it.result}`).join(', ')
  const signatures = auth.dkim.map((it) => `${it.domain}/${it.selector ?? ''} ${it.result}`).join(', ')
  return `${sourceIp} as ${headerFrom}; spf ${checks || 'none'}; dkim ${signatures || 'none'}`
}

/** What was found over a choice of records. */
class Measurement {
  readonly #identify = createIdentifier(catalogue)
  readonly #shares = new Tally()
  readonly #lists = { 'largest by catalogue': new Tally(), 'largest by domain': new Tally(), 'largest without a name': new Tally() }
  #reports = 0

  add(records: readonly AggregateRecord[]): void {
    if (records.length > 0) this.#reports += 1
    for (const record of records) {
      const { sourceIp, headerFrom, envelopeFrom, nullSender, auth, count } = record
      const envelope = nullSender ? '' : envelopeFrom
      const identity = this.#identify({ sourceIp, headerFrom: headerFrom ?? '', envelopeFrom: envelope, ...auth, host: null })
      const share = shareOf(identity)
      this.#shares.add(share, count)
      if (share === 'a name from the catalogue') this.#lists['largest by catalogue'].add(identity.name, count)
      if (share === 'the name of a domain') this.#lists['largest by domain'].add(identity.name, count)
      if (share === 'only an address') this.#lists['largest without a name'].add(sketch(record), count)
    }
  }

  print(title: string): void {
    const shares = this.#shares.largest()
    const total = shares.reduce((sum, [, { messages }]) => sum + messages, 0)
    print(`${title}: ${this.#reports} reports, ${total} messages`)
    for (const [share, { messages, records }] of shares) {
      print(`  ${((100 * messages) / total).toFixed(1).padStart(5)} %  ${share} (${messages} messages in ${records} records)`)
    }
    for (const [title, tally] of Object.entries(this.#lists)) {
      print(`  ${title}:`)
      for (const [name, { messages }] of tally.largest().slice(0, LARGEST)) print(`    ${String(messages).padStart(8)}  ${name}`)
    }
  }
}

async function measure(): Promise<void> {
  const [realDomains, realAddresses] = [new Measurement(), new Measurement()]
  for (const file of readdirSync(corpus).toSorted()) {
    if (file === 'MANIFEST.tsv') continue
    let records: AggregateRecord[] = []
    for await (const event of readInput(fromBytes(readFileSync(new URL(file, corpus))))) {
      if (event.type === 'report') records = []
      if (event.type === 'records') records.push(...event.records.filter(isSomewhere))
      if (event.type !== 'end') continue
      realDomains.add(records.filter(hasRealDomain))
      realAddresses.add(records)
    }
  }
  print(`catalogue ${catalogueVersion}: ${catalogue.length} senders`)
  realDomains.print('real domains')
  realAddresses.print('real addresses, the domain hidden or not')
}

if (existsSync(corpus)) await measure()
else print('skipped: the samples (../shared/corpus) are not there')
