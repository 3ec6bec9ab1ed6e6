import type { ReportDetail } from '@ruadar/contract'
import { useRoute } from 'preact-iso'
import { useCallback } from 'preact/hooks'
import { rawMailPath, records, report, xmlDownload } from '../../api/questions.ts'
import { usePages, useQuery } from '../../api/query.ts'
import { ConflictNotice } from '../../components/conflict-notice.tsx'
import { PagedTable } from '../../components/data-table.tsx'
import { DeviationSection } from '../../components/deviation-section.tsx'
import { useDownload } from '../../components/download.ts'
import { Name } from '../../components/name.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Answer, Empty, ProblemBox } from '../../components/states.tsx'
import { formats, words } from '../../i18n/language.ts'
import { addDays } from '../../state/days.ts'
import { filterHref } from '../../state/filter.ts'
import { useFilter } from '../../state/use-filter.ts'
import { ReportHead } from './report-head.tsx'
import { PolicyTable } from './policy-table.tsx'
import { useRecordColumns } from './record-columns.tsx'

export function ReportPage() {
  const t = words().reports
  const id = useRoute().params['id'] ?? ''
  const { href } = useFilter()
  const query = useQuery(report(id))
  const { data } = query
  const mail = useDownload(rawMailPath(data?.mailId ?? ''), 'mail.eml')
  const heading = data ? t.heading({ reporter: <Name value={data.reporter} />, domain: <Name value={data.domain} /> }) : t.report
  return (
    <Page
      title={data ? t.heading({ reporter: data.reporter, domain: data.domain }).join('') : t.report}
      heading={heading}
      back={{ href: href('/reports'), title: t.title }}
      actions={
        data && (
          <>
            <a class="button" href={`/reports/${encodeURIComponent(id)}/xml`}>
              {t.rawXml}
            </a>
            <a class="button" href={xmlDownload(id)} download>
              {t.downloadXml}
            </a>
            <button type="button" class="button" disabled={mail.busy} onClick={() => void mail.run()}>
              {t.downloadMail}
            </button>
          </>
        )
      }
    >
      {mail.error && <ProblemBox error={mail.error} />}
      <Answer query={query} lines={10}>
        {(detail) => <ReportSections detail={detail} onCounted={query.reload} />}
      </Answer>
      <Records id={id} detail={data} />
    </Page>
  )
}

function ReportSections({ detail, onCounted }: { detail: ReportDetail; onCounted: () => void }) {
  const t = words().reports
  return (
    <>
      {detail.state === 'conflict' && (
        <ConflictNotice
          countPath={`/reports/${encodeURIComponent(detail.id)}/count`}
          otherHref={detail.conflictsWith && `/reports/${encodeURIComponent(detail.conflictsWith)}`}
          onCounted={onCounted}
        />
      )}
      <div class="columns">
        <Section title={t.head}>
          <ReportHead detail={detail} />
        </Section>
        <Section title={t.policy} hint={t.policyHint}>
          <PolicyTable policy={detail.policy} />
        </Section>
      </div>
      {detail.errors.length > 0 && (
        <Section title={t.errors}>
          <ul class="plain-list">
            {detail.errors.map((error, index) => (
              <li key={index}>
                <Name value={error} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      <DeviationSection count={detail.warnings} list={detail.warningList} reporter={detail.reporter} />
    </>
  )
}

function Records({ id, detail }: { id: string; detail: ReportDetail | undefined }) {
  const t = words().records
  const list = usePages(records(id))
  const domain = detail?.domain
  const day = detail?.day
  const sourceHref = useCallback(
    (ip: string) => filterHref(`/sources/${encodeURIComponent(ip)}`, domain && day ? { domain, from: day, to: addDays(day, 1) } : {}),
    [domain, day],
  )
  const columns = useRecordColumns(sourceHref)
  const deletedAt = detail?.recordsDeleted?.at
  const empty = deletedAt ? t.deleted(formats().day(deletedAt.slice(0, 10))) : t.empty
  return (
    <Section title={t.title} hint={t.hint}>
      <PagedTable wide caption={t.title} columns={columns} list={list} keyOf={(item) => item.row} empty={<Empty title={empty} />} />
    </Section>
  )
}
