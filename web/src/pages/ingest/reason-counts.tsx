import type { IngestSummary } from '@ruadar/contract'
import { useMemo, useRef } from 'preact/hooks'
import { MailStateBadge } from '../../components/badges.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { ConfirmButton } from '../../components/form.tsx'
import { Section } from '../../components/page.tsx'
import { formats, language, words } from '../../i18n/language.ts'
import { ReadAgainAnswer, useReadAgain } from './read-again.tsx'

type ReasonCount = IngestSummary['reasons'][number]

/** Why mails did not become reports, counted; each reason leads to its mails, and has them read again. */
export function ReasonCounts({ summary, onReadAgain }: { summary: IngestSummary; onReadAgain: () => void }) {
  const again = useReadAgain(onReadAgain)
  const latest = useRef(again)
  latest.current = again
  const columns = useMemo<Column<ReasonCount>[]>(() => {
    const t = words()
    const f = formats()
    const known: Record<string, string> = t.codes
    return [
      {
        key: 'reason',
        title: t.ingest.reason,
        kind: 'main',
        cell: (item) => (
          <a href={`/ingest?code=${encodeURIComponent(item.code)}#mails`}>
            {Object.hasOwn(known, item.code) ? known[item.code] : <code>{item.code}</code>}
          </a>
        ),
      },
      {
        key: 'outcome',
        title: t.ingest.outcome,
        cell: (item) => <MailStateBadge value={item.outcome} />,
      },
      { key: 'count', title: t.ingest.parts, kind: 'number', cell: (item) => f.integer(item.count) },
      { key: 'mails', title: t.ingest.mails, kind: 'number', cell: (item) => f.integer(item.mails) },
      {
        key: 'again',
        title: t.ingest.readReasonAgain,
        kind: 'action',
        cell: ({ code, outcome, mails }) => (
          <ConfirmButton
            label={t.ingest.readReasonAgain}
            question={t.ingest.readReasonQuestion(mails)}
            danger={false}
            onConfirm={() => void latest.current.run([{ code, outcome }])}
          />
        ),
      },
    ]
  }, [language.value])
  const t = words().ingest
  if (summary.reasons.length === 0) return null
  return (
    <Section title={t.reasons} hint={t.reasonsHint} actions={<a href="/deviations">{words().deviations.title}</a>}>
      <ReadAgainAnswer again={again} />
      <DataTable caption={t.reasons} columns={columns} pages={[summary.reasons]} keyOf={(item) => `${item.outcome} ${item.code}`} />
    </Section>
  )
}
