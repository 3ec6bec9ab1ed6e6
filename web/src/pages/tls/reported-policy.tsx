import type { TlsReportDetail } from '@ruadar/contract'
import { useMemo } from 'preact/hooks'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { Name } from '../../components/name.tsx'
import { ShareBar } from '../../components/share-bar.tsx'
import { formats, language, words } from '../../i18n/language.ts'
import { PolicyText } from './policy-text.tsx'
import { PolicyType, ResultMeaning, ResultName } from './tls-words.tsx'

type Policy = TlsReportDetail['policyList'][number]
type Detail = Policy['failureDetails'][number] & { index: number }

/** Rows far away from the view are left out page by page. */
const PAGE = 100

/** One policy of a report: what it said, how many sessions fared how, and each failure. */
export function ReportedPolicy({ policy }: { policy: Policy }) {
  const t = words().tls
  const f = formats()
  return (
    <section class="panel">
      <div class="panel-head">
        <h2>
          {t.policyHeading({
            type: <PolicyType value={policy.policyType} />,
            domain: <Name value={policy.domain} none={t.noDomain} />,
          })}
        </h2>
        <span>
          <ShareBar pass={policy.successful} messages={policy.successful + policy.failed} />{' '}
          <span class="muted">{t.sessionsCounted(f.integer(policy.successful), f.integer(policy.failed))}</span>
        </span>
      </div>
      <PolicyText strings={policy.policyStrings} mxHosts={policy.mxHosts} />
      {policy.failureDetails.length > 0 ? (
        <DetailTable details={policy.failureDetails} />
      ) : (
        policy.failed > 0 && <p class="muted">{t.noDetails}</p>
      )}
      {policy.failures > policy.failureDetails.length && (
        <p class="hint">{t.detailsShown(f.integer(policy.failureDetails.length), f.integer(policy.failures))}</p>
      )}
    </section>
  )
}

function DetailTable({ details }: { details: Policy['failureDetails'] }) {
  const pages = useMemo(() => {
    const numbered = details.map((detail, index) => ({ ...detail, index }))
    return Array.from({ length: Math.ceil(numbered.length / PAGE) }, (_, page) => numbered.slice(page * PAGE, (page + 1) * PAGE))
  }, [details])
  const columns = useMemo<Column<Detail>[]>(() => {
    const t = words().tls
    const f = formats()
    const address = (value: string | null) => (
      <span class="mono">
        <Name value={value} />
      </span>
    )
    return [
      { key: 'type', title: t.failure, kind: 'main', cell: (item) => <ResultName type={item.resultType} /> },
      { key: 'sessions', title: t.sessions, kind: 'number', cell: (item) => f.integer(item.sessions) },
      { key: 'mx', title: t.receivingMx, cell: (item) => <ReceivingMx item={item} /> },
      { key: 'ip', title: t.receivingIp, cell: (item) => address(item.receivingIp) },
      { key: 'mta', title: t.sendingMtas, cell: (item) => address(item.sendingMtaIp) },
      { key: 'reason', title: t.reason, cell: (item) => <Name value={item.failureReasonCode} /> },
      { key: 'information', title: t.information, cell: (item) => <Name value={item.additionalInformation} /> },
      { key: 'meaning', title: t.meaning, kind: 'wide', cell: (item) => <ResultMeaning type={item.resultType} /> },
    ]
  }, [language.value])
  return <DataTable wide caption={words().tls.failures} columns={columns} pages={pages} keyOf={(item) => item.index} />
}

function ReceivingMx({ item }: { item: Detail }) {
  const t = words().tls
  return (
    <span class="stack">
      <Name value={item.receivingMxHostname} none={t.anyMx} />
      {item.receivingMxHelo && item.receivingMxHelo !== item.receivingMxHostname && (
        <span class="muted">
          {t.helo}: <Name value={item.receivingMxHelo} />
        </span>
      )}
    </span>
  )
}
