import type { Summary } from '@ruadar/contract'
import { useMemo } from 'preact/hooks'
import { domains, domainSummary, sources, summary, timeline } from '../../api/questions.ts'
import { useQuery } from '../../api/query.ts'
import { together } from '../../api/together.ts'
import { MessagesChart } from '../../charts/messages-chart.tsx'
import { FilterBar } from '../../components/filter-bar.tsx'
import { NoMail } from '../../components/no-mail.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Answer } from '../../components/states.tsx'
import { DataTable } from '../../components/data-table.tsx'
import { formats, language, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'
import { sourceColumns } from '../sources/source-columns.tsx'
import { Arrivals } from './arrivals.tsx'
import { DomainsTable } from './domains-table.tsx'
import { StandingPanel } from './standing-panel.tsx'
import { TopSenders } from './top-senders.tsx'
import { WaitingLine } from './waiting-line.tsx'

const FAILING_SHOWN = 8
/** All numbers of the page are asked for again together, so that they stay one picture while reports come in. */
const EVERY = 60_000

export function OverviewPage() {
  const t = words().overview
  const { asked, href } = useFilter()
  const total = useQuery(summary(asked), { every: EVERY })
  const days = useQuery(timeline(asked), { every: EVERY })
  const largest = useQuery(domains(asked, 'messages', 1), { every: EVERY })
  const worst = useQuery(domains(asked, 'failing', 1), { every: EVERY })
  const counts = useQuery(domainSummary(asked), { every: EVERY })
  const failing = useQuery(sources({ ...asked, dmarc: 'fail' }, 'failing', FAILING_SHOWN), { every: EVERY })
  const standing = together({ total, largest, worst, counts, failing })
  const columns = useMemo(() => sourceColumns(href), [language.value, href])
  const isEmpty = total.data !== undefined && total.data.messages === 0 && !total.loading
  return (
    <Page title={t.title}>
      <FilterBar />
      <WaitingLine />
      {isEmpty && total.data ? (
        <NoMail dataFrom={total.data.dataFrom} dataTo={total.data.dataTo} />
      ) : (
        <>
          <StandingPanel query={standing} />
          <Answer query={total} lines={3}>
            {(data) => <Tiles summary={data} />}
          </Answer>
          <Section title={t.perDay}>
            <Answer query={days} tall>
              {(data) => <MessagesChart days={data.days} />}
            </Answer>
          </Section>
          <TopSenders every={EVERY} />
          <Section title={t.failing} hint={t.failingHint} actions={<a href={href('/sources', { dmarc: 'fail' })}>{t.allFailing}</a>}>
            <Answer query={failing} lines={8}>
              {(data) =>
                data.items.length === 0 ? (
                  <p class="good-news">{t.nothingFails}</p>
                ) : (
                  <DataTable wide caption={t.failing} columns={columns} pages={[data.items]} keyOf={(item) => item.source} />
                )
              }
            </Answer>
          </Section>
          <div class="columns">
            <Section title={t.domains}>
              <DomainsTable every={EVERY} />
            </Section>
            <Arrivals />
          </div>
        </>
      )}
    </Page>
  )
}

function Tiles({ summary: data }: { summary: Summary }) {
  const t = words().overview
  const f = formats()
  const { href } = useFilter()
  const share = (part: number) => f.share(part, data.messages)
  return (
    <dl class="tiles">
      <div class="tile tile-main">
        <dt>{t.passShare}</dt>
        <dd>
          <span class="figure">{share(data.dmarcPass)}</span>
          <span class="figure-note">
            {t.dkimAligned(share(data.dkimAligned))} · {t.spfAligned(share(data.spfAligned))}
          </span>
        </dd>
      </div>
      <div class="tile">
        <dt>{t.messages}</dt>
        <dd>
          <a class="figure" href={href('/reports')}>
            {f.compact(data.messages)}
          </a>
          <span class="figure-note">{t.inReports(data.reports)}</span>
        </dd>
      </div>
      <div class="tile">
        <dt>{t.failingMessages}</dt>
        <dd>
          <a class="figure" href={href('/sources', { dmarc: 'fail' })}>
            {f.compact(data.dmarcFail)}
          </a>
          <span class="figure-note">{t.blocked(f.integer(data.dispositions.quarantine), f.integer(data.dispositions.reject))}</span>
        </dd>
      </div>
      <div class="tile">
        <dt>{t.sources}</dt>
        <dd>
          <a class="figure" href={href('/sources')}>
            {f.integer(data.sources)}
          </a>
        </dd>
      </div>
      <div class="tile">
        <dt>{t.reporters}</dt>
        <dd>
          <a class="figure" href={href('/reporters')}>
            {f.integer(data.reporters)}
          </a>
          {data.conflicts > 0 && (
            <a class="figure-note" href={href('/reports', {}, { state: 'conflict' })}>
              {t.conflicts(data.conflicts)}
            </a>
          )}
        </dd>
      </div>
    </dl>
  )
}
