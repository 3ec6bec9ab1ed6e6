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
    return [
      { key: 'type', title: t.failure, kind: 'main', cell: (item) => <ResultName type={item.resultType} /> },
      { key: 'sessions', title: t.sessions, kind: 'number', cell: (item) => f.integer(item.sessions) },
      { key: 'meaning', title: t.meaning, kind: 'wide', cell: (item) => <Explanation item={item} /> },
      { key: 'mx', title: t.receivingMx, cell: (item) => <ReceivingMx item={item} /> },
      {
        key: 'mta',
        title: t.sendingMta,
        cell: (item) => (
          <span class="mono">
            <Name value={item.sendingMtaIp} />
          </span>
        ),
      },
    ]
  }, [language.value])
  return <DataTable wide caption={words().tls.failures} columns={columns} pages={pages} keyOf={(item) => item.index} />
}

/** What the kind of failure means, and what the reporter says besides. Its address is text, not a link. */
function Explanation({ item }: { item: Detail }) {
  const t = words().tls
  return (
    <span class="lines">
      <span>
        <ResultMeaning type={item.resultType} />
      </span>
      {item.failureReasonCode && <Titled title={t.reason} value={item.failureReasonCode} />}
      {item.additionalInformation && <Titled title={t.information} value={item.additionalInformation} />}
    </span>
  )
}

function ReceivingMx({ item }: { item: Detail }) {
  const t = words().tls
  return (
    <span class="lines">
      <Name value={item.receivingMxHostname} none={t.anyMx} />
      {item.receivingIp && (
        <span class="mono">
          <Name value={item.receivingIp} />
        </span>
      )}
      {item.receivingMxHelo && item.receivingMxHelo !== item.receivingMxHostname && <Titled title={t.helo} value={item.receivingMxHelo} />}
    </span>
  )
}

function Titled({ title, value }: { title: string; value: string }) {
  return (
    <span class="muted">
      {title}: <Name value={value} />
    </span>
  )
}
