import type { Filter, SourceDetail } from '@ruadar/contract'
import { useRoute } from 'preact-iso'
import { source } from '../../api/questions.ts'
import { senders } from '../../api/sender-questions.ts'
import { useQuery } from '../../api/query.ts'
import { MessagesChart } from '../../charts/messages-chart.tsx'
import { FilterBar } from '../../components/filter-bar.tsx'
import { Name } from '../../components/name.tsx'
import { Page, Section } from '../../components/page.tsx'
import { ReasonList } from '../../components/reasons.tsx'
import { SenderStateBadge } from '../../components/sender-state.tsx'
import { SourceName } from '../../components/source-name.tsx'
import { Answer, Empty } from '../../components/states.tsx'
import { formats, words } from '../../i18n/language.ts'
import { adviceFor } from '../../i18n/advice.ts'
import { useFilter } from '../../state/use-filter.ts'
import { CountsTable } from './counts-table.tsx'
import { IdentitiesTable } from './identities-table.tsx'

export function SourcePage() {
  const t = words().sources
  const ip = useRoute().params['ip'] ?? ''
  const { asked, href } = useFilter()
  // The address of the page is the source; a source in the filter would contradict or repeat it.
  const { source: _source, ...rest } = asked
  const query = useQuery(source(ip, rest))
  return (
    <Page title={`${t.source} ${ip}`} heading={<SourceName value={ip} />} back={{ href: href('/sources'), title: t.title }}>
      <FilterBar />
      <Answer query={query} lines={12}>
        {(data) =>
          data.messages === 0 ? <Empty title={t.nothingFrom} /> : <SourceSections data={data} filter={{ ...rest, source: ip }} />
        }
      </Answer>
    </Page>
  )
}

function SourceSections({ data, filter }: { data: SourceDetail; filter: Filter }) {
  const t = words()
  const { href } = useFilter()
  return (
    <>
      <SourceStanding data={data} />
      <SendersOfSource filter={filter} />
      <Section title={t.overview.perDay}>
        <MessagesChart days={data.days} />
      </Section>
      <Section title={t.sources.identities} hint={t.sources.identitiesHint}>
        <IdentitiesTable identities={data.identities} />
      </Section>
      <div class="columns">
        <Section title={t.overview.domains}>
          <CountsTable
            caption={t.overview.domains}
            title={t.overview.policyDomain}
            rows={data.domains.map((item) => ({ ...item, name: item.domain, href: href('/', { domain: item.domain }) }))}
          />
        </Section>
        <Section title={t.overview.reporters}>
          <CountsTable
            caption={t.overview.reporters}
            title={t.reporters.reporter}
            rows={data.reporters.map((item) => ({
              ...item,
              name: item.reporter,
              href: href('/reports', { source: data.source, reporter: item.reporter }),
            }))}
          />
        </Section>
      </div>
    </>
  )
}

/** Who operates the source, once that is known; an address can change hands, so there may be several. */
function SendersOfSource({ filter }: { filter: Filter }) {
  const { href } = useFilter()
  const items = useQuery(senders(filter, { sort: 'messages' }, 5)).data?.items ?? []
  if (items.length === 0) return null
  return (
    <p class="source-senders">
      {words().overview.sender}:{' '}
      {items.map((item, index) => (
        <span key={item.id}>
          {index > 0 && ', '}
          <a href={href(`/senders/${item.id}`, { source: undefined })}>
            <Name value={item.name} />
          </a>{' '}
          <SenderStateBadge value={item.state} />
        </span>
      ))}
    </p>
  )
}

/** What this source is, how its mail fares, why, and what to do if it is one's own. */
function SourceStanding({ data }: { data: SourceDetail }) {
  const t = words().sources
  const f = formats()
  const domain = data.domains.length === 1 ? <Name value={data.domains[0]?.domain} /> : t.severalDomains(data.domains.length)
  const advice = adviceFor(words().advice, data.reasons)
  return (
    <section class="standing" aria-label={t.standing}>
      <p class="standing-sentence">
        {t.sentence({
          messages: words().standing.messages(data.messages),
          domain,
          share: <strong>{f.share(data.dmarcPass, data.messages)}</strong>,
        })}
      </p>
      {data.firstDay && data.lastDay && (
        <p class="hint">
          {data.source.includes(':') ? 'IPv6' : 'IPv4'} · {t.seen(f.day(data.firstDay), f.day(data.lastDay))} ·{' '}
          {t.received({
            none: f.integer(data.dispositions.none + data.dispositions.pass),
            quarantine: f.integer(data.dispositions.quarantine),
            reject: f.integer(data.dispositions.reject),
          })}
        </p>
      )}
      {data.reasons.length > 0 && (
        <div class="standing-next">
          <p class="standing-label">{t.why}</p>
          <ReasonList reasons={data.reasons} counted />
        </div>
      )}
      {advice.length > 0 && (
        <div class="standing-next">
          <p class="standing-label">{t.whatToDo}</p>
          <ul class="advice">
            {advice.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}
