import type { TlsDomain } from '@ruadar/contract'
import { tlsDomains, tlsFailures, tlsTimeline } from '../../api/questions.ts'
import { usePages, useQuery } from '../../api/query.ts'
import { SessionsChart } from '../../charts/sessions-chart.tsx'
import { FilterBar } from '../../components/filter-bar.tsx'
import { Name } from '../../components/name.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Answer, Empty } from '../../components/states.tsx'
import { formats, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'
import { TlsDomainsTable } from './domains-table.tsx'
import { TlsFailuresSection } from './failures-section.tsx'
import { PolicySection } from './policy-section.tsx'
import { TlsReportsSection } from './tls-reports-section.tsx'
import { ResultMeaning, ResultTitle } from './tls-words.tsx'

const NARROWING = ['reporter'] as const

/** All policy domains, or one of them when the filter names it. */
export function TlsPage() {
  const t = words().tls
  const { asked, filter, href } = useFilter()
  const domains = useQuery(tlsDomains(asked))
  return (
    <Page
      title={filter.domain ? t.heading({ domain: filter.domain }).join('') : t.title}
      {...(filter.domain && {
        heading: t.heading({ domain: <Name value={filter.domain} /> }),
        back: { href: href('/tls', { domain: undefined }), title: t.domains },
      })}
    >
      <FilterBar narrowing={NARROWING} />
      <p class="hint">{t.hint}</p>
      <Answer query={domains} lines={8}>
        {(data) => (data.items.length === 0 ? <NoTls /> : <TlsSections domains={data.items} />)}
      </Answer>
      <TlsReportsSection />
    </Page>
  )
}

function TlsSections({ domains }: { domains: readonly TlsDomain[] }) {
  const t = words().tls
  const { asked, filter } = useFilter()
  const days = useQuery(tlsTimeline(asked))
  const failures = usePages(tlsFailures(asked))
  return (
    <>
      <Standing domains={domains} largest={failures.pages?.[0]?.[0]?.resultType} />
      {!filter.domain && (
        <Section title={t.domains}>
          <TlsDomainsTable domains={domains} />
        </Section>
      )}
      <Section title={t.perDay}>
        <Answer query={days} tall>
          {(data) => <SessionsChart days={data.days} />}
        </Answer>
      </Section>
      <TlsFailuresSection list={failures} />
      {filter.domain && domains[0] && <PolicySection domain={domains[0]} />}
    </>
  )
}

/** How sessions fare in one sentence, and what to do about the largest kind of failure. */
function Standing({ domains, largest }: { domains: readonly TlsDomain[]; largest: string | undefined }) {
  const t = words().tls
  const f = formats()
  const [only, second] = domains
  const successful = domains.reduce((sum, domain) => sum + domain.successful, 0)
  const failed = domains.reduce((sum, domain) => sum + domain.failed, 0)
  const sessions = successful + failed
  return (
    <section class="standing" aria-label={t.standing}>
      <p class="standing-sentence">
        {t.sentence({
          share: <strong>{f.share(successful, sessions)}</strong>,
          sessions,
          domain: only?.domain && !second ? <Name value={only.domain} /> : null,
          failed,
        })}
      </p>
      {failed > 0 && largest !== undefined && (
        <div class="standing-next">
          <p class="standing-label">{t.next}</p>
          <p>{t.largest({ type: <ResultTitle type={largest} /> })}</p>
          <p>
            <ResultMeaning type={largest} />
          </p>
        </div>
      )}
    </section>
  )
}

function NoTls() {
  const t = words().tls
  const { filter, href } = useFilter()
  return (
    <div class="panel">
      <Empty title={t.empty}>
        <p>{t.emptyHint}</p>
        <code>v=TLSRPTv1; rua=mailto:tls-reports@example.com</code>
        {filter.period !== '365d' && (
          <a class="button" href={href('/tls', { period: '365d', reporter: undefined })}>
            {t.lastYear}
          </a>
        )}
      </Empty>
    </div>
  )
}
