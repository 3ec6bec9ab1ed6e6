import dns from 'node:dns/promises'
import type { Settings } from '@ruadar/platform'

/** What a name server says: values, that there are none, or that it could not be asked. */
export type Answer =
  | { found: string[] }
  /** NXDOMAIN: the name does not exist; NODATA: it has nothing of this type. */
  | { missing: 'nxdomain' | 'nodata' }
  | { problem: string }

/** Questions to the DNS. None rejects; each ends within `questionMs`. Values are as foreign as what a report holds. */
export interface Resolver {
  /** Names of `4.3.2.1.in-addr.arpa` and the like. */
  ptr(name: string): Promise<Answer>
  addresses(name: string, version: 4 | 6): Promise<Answer>
  /** Each record as one text, its strings joined. */
  txt(name: string): Promise<Answer>
  cname(name: string): Promise<Answer>
}

/** A try, and how many there are; the second waits twice as long. */
const timeoutMs = 2000
const tries = 2
/** More than all tries take: several servers multiply them. */
const questionMs = 10_000

/** Bounds of one answer: more is cut off. 50 records are more than any name has that matters here, 4096 the longest sane TXT. */
const mostValues = 50
const longestValue = 4096

/** A resolver whose questions under way can be ended: they answer with a problem. */
export interface OpenResolver extends Resolver {
  cancel(): void
}

/** The resolver that the settings name; null: off. This is the only place that reaches for the DNS. */
export function openResolver(settings: Pick<Settings, 'dns'>, patience = { timeout: timeoutMs, tries }): OpenResolver | null {
  if (settings.dns === 'off') return null
  const resolver = new dns.Resolver(patience)
  if (settings.dns !== 'system') resolver.setServers(settings.dns)
  return {
    ptr: (name) => ask(() => resolver.resolvePtr(name)),
    addresses: (name, version) => ask(() => (version === 4 ? resolver.resolve4(name) : resolver.resolve6(name))),
    txt: (name) => ask(async () => (await resolver.resolveTxt(name)).map((strings) => strings.join(''))),
    cname: (name) => ask(() => resolver.resolveCname(name)),
    cancel: () => resolver.cancel(),
  }
}

const problems: Record<string, string> = {
  ETIMEOUT: 'the name server did not answer in time',
  ESERVFAIL: 'the name server failed (SERVFAIL)',
  EREFUSED: 'the name server refused to answer',
  ECONNREFUSED: 'no name server can be reached',
  EBADRESP: 'the name server answered with something that is no answer',
  EFORMERR: 'the name server did not understand the question',
  EBADNAME: 'the name cannot be asked for',
  ENOTIMP: 'the name server does not know this kind of question',
}

async function ask(question: () => Promise<string[]>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => resolve({ problem: problems.ETIMEOUT as string }), questionMs)
  })
  try {
    return await Promise.race([late, question().then(toAnswer, toFailure)])
  } finally {
    clearTimeout(timer)
  }
}

function toAnswer(values: string[]): Answer {
  return values.length === 0 ? { missing: 'nodata' } : { found: values.slice(0, mostValues).map((value) => value.slice(0, longestValue)) }
}

function toFailure(error: unknown): Answer {
  const code = (error as { code?: string }).code ?? ''
  if (code === 'ENOTFOUND') return { missing: 'nxdomain' }
  if (code === 'ENODATA') return { missing: 'nodata' }
  return { problem: problems[code] ?? `the name server could not be asked (${code || 'unknown'})` }
}
