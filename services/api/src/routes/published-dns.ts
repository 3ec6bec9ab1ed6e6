import { PublishedDns, PublishedDnsQuery } from '@ruadar/contract'
import { openResolver, pace } from '@ruadar/ingest'
import { sql } from '@ruadar/platform'
import type { App, Context } from '../context.ts'
import { problems, query } from '../plugins/openapi.ts'
import { notFound } from '../problem.ts'
import { askPublished, type SeenOfSender } from '../published-dns/ask-published.ts'
import { readFilter } from '../queries/question.ts'
import { findSeenOfSender } from '../queries/seen-of-sender.ts'

const keptMs = 60_000
const mostKept = 200

const notAsked: PublishedDns = { asked: false, askedAt: null, dmarc: null, reportHosts: [], spf: null, dkim: [], records: [] }
const noSender: SeenOfSender = { service: null, addresses: [], keys: [] }

/** The only questions that an answer of the API waits for: somebody asked for what is in the DNS right now. */
export function addPublishedDnsRoutes(app: App, { database: { db }, settings, now, stopping }: Context): void {
  const plain = openResolver(settings)
  const resolver = plain && pace(plain, settings.dnsPerSecond, stopping)
  stopping.addEventListener('abort', () => plain?.cancel(), { once: true })
  const kept = new Map<string, { until: number; answer: Promise<PublishedDns> }>()

  app.get(
    '/dns',
    {
      config: { rateLimit: { max: 60, timeWindow: '1 minute' } },
      schema: {
        tags: ['senders'],
        operationId: 'getPublishedDns',
        summary: 'What is published in the DNS now',
        description:
          'Asks the DNS while you wait: DMARC and SPF of the domain and, with `sender`, its keys, addresses and the records that its service asks for. What a server does not answer says so. Only for domains that reports are about.',
        querystring: query(PublishedDnsQuery.properties),
        response: { 200: PublishedDns, ...problems },
      },
    },
    async (request) => {
      const { domain, sender } = request.query
      const question = readFilter({ domain }, now())
      const { rows } = await sql<{ name: string }>`select name from domains where name = ${question.domain}`.execute(db)
      const [known] = rows
      if (!known) throw notFound('such domain')
      const seen = sender === undefined ? noSender : await findSeenOfSender(db, { ...question, domain: known.name, sender })
      if (!seen) throw notFound('such sender')
      if (resolver === null) return notAsked
      const key = `${known.name} ${sender ?? ''}`
      const time = now().getTime()
      const before = kept.get(key)
      if (before && before.until > time) return before.answer
      if (kept.size >= mostKept) kept.clear()
      const answer = askPublished(resolver, known.name, seen).then((published) => ({
        asked: true,
        askedAt: new Date(time).toISOString(),
        ...published,
      }))
      kept.set(key, { until: time + keptMs, answer })
      return answer
    },
  )
}
