import type { ReportDetail } from '@ruadar/contract'
import { useRoute } from 'preact-iso'
import { useCallback } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import { rawMail, records, report, xmlDownload } from '../../api/questions.ts'
import { usePages, useQuery } from '../../api/query.ts'
import { ConfirmButton, useAction } from '../../components/form.tsx'
import { PagedTable } from '../../components/data-table.tsx'
import { Name } from '../../components/name.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Answer, Empty, ProblemBox } from '../../components/states.tsx'
import { formats, words } from '../../i18n/language.ts'
import { addDays } from '../../state/days.ts'
import { filterHref } from '../../state/filter.ts'
import { useFilter } from '../../state/use-filter.ts'
import { ReportHead } from './report-head.tsx'
import { PolicyTable, WarningsTable } from './report-tables.tsx'
import { useRecordColumns } from './record-columns.tsx'

export function ReportPage() {
  const t = words().reports
  const id = useRoute().params['id'] ?? ''
  const { href } = useFilter()
  const query = useQuery(report(id))
  const { data } = query
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
            <a class="button" href={rawMail(data.mailId)} download>
              {t.downloadMail}
            </a>
          </>
        )
      }
    >
      <Answer query={query} lines={10}>
        {(detail) => <ReportSections detail={detail} onCounted={query.reload} />}
      </Answer>
      <Records id={id} detail={data} />
    </Page>
  )
}

function ReportSections({ detail, onCounted }: { detail: ReportDetail; onCounted: () => void }) {
  const t = words().reports
  const f = formats()
  return (
    <>
      {detail.state === 'conflict' && <Conflict detail={detail} onCounted={onCounted} />}
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
      {detail.warningList.length > 0 && (
        <Section title={t.warnings(detail.warnings)} hint={t.warningsHint}>
          <WarningsTable warnings={detail.warningList} />
          {detail.warnings > detail.warningList.length && <p class="hint">{t.warningsShown(f.integer(detail.warningList.length))}</p>}
        </Section>
      )}
    </>
  )
}

/** A report with the same key as a counted one but other content: the operator decides which of the two counts. */
function Conflict({ detail, onCounted }: { detail: ReportDetail; onCounted: () => void }) {
  const t = words().reports
  const count = useAction(async () => {
    await ask(`/reports/${encodeURIComponent(detail.id)}/count`, { method: 'POST' })
    onCounted()
  })
  return (
    <section class="notice" aria-label={t.states.conflict}>
      <p>
        <strong>{t.states.conflict}.</strong> {t.conflictText}{' '}
        {detail.conflictsWith && <a href={`/reports/${encodeURIComponent(detail.conflictsWith)}`}>{t.conflictOther}</a>}
      </p>
      {count.error && <ProblemBox error={count.error} />}
      <ConfirmButton label={t.countThis} question={t.countThisQuestion} onConfirm={() => void count.run()} busy={count.busy} />
    </section>
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
  return (
    <Section title={t.title} hint={t.hint}>
      <PagedTable wide caption={t.title} columns={columns} list={list} keyOf={(item) => item.row} empty={<Empty title={t.empty} />} />
    </Section>
  )
}
