import type { IngestSummary, MailItem } from '@ruadar/contract'
import { useLocation } from 'preact-iso'
import { useMemo, useRef } from 'preact/hooks'
import { mails, queryString } from '../../api/questions.ts'
import { usePages } from '../../api/query.ts'
import { MailStateBadge } from '../../components/badges.tsx'
import { type Column, PagedTable } from '../../components/data-table.tsx'
import { mailTitle, senderAddress } from '../../components/mail-title.ts'
import { Name } from '../../components/name.tsx'
import { OutcomeList } from '../../components/outcomes.tsx'
import { Section } from '../../components/page.tsx'
import { shownText } from '../../components/shown-text.ts'
import { Empty } from '../../components/states.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { formats, language, words } from '../../i18n/language.ts'
import { requestsFor, SelectBox, type Selection, SelectionBar, useSelection } from './mail-selection.tsx'
import { ReadAgainAnswer, useReadAgain } from './read-again.tsx'

const STATES = ['stored', 'imported', 'duplicate', 'conflict', 'ignored', 'quarantined'] as const

/** All mails, newest first, by state and reason; any of them can be read again: one, a selection, or all of a reason. */
export function MailsSection({ counts, onReadAgain }: { counts: IngestSummary['mails']; onReadAgain: () => void }) {
  const t = words().ingest
  const f = formats()
  const { query } = useLocation()
  const state = STATES.find((item) => item === query['state'])
  const code = query['code']?.slice(0, 60)
  const list = usePages(mails(state, code), { every: 15_000 })
  const selection = useSelection(`${state} ${code}`)
  const columns = useMemo(() => mailColumns(selection), [language.value, selection])
  const again = useReadAgain(() => {
    selection.clear()
    list.reload()
    onReadAgain()
  })
  const tab = (value: (typeof STATES)[number] | undefined, title: string, count: number) => ({
    href: `/ingest${queryString({ state: value })}#mails`,
    title,
    isActive: state === value && !code,
    count: f.compact(count),
  })
  const all = STATES.reduce((sum, value) => sum + counts[value], 0)
  const isUnread = state === 'quarantined' || state === 'ignored'
  const shown = list.pages?.flat() ?? []
  // Mails that are being read again leave the list for a moment: the bar, and the focus in it, stay meanwhile.
  const hasBar = useRef(false)
  hasBar.current ||= shown.length > 0
  return (
    <Section
      title={t.mails}
      actions={
        (code !== undefined || isUnread) && (
          <button
            type="button"
            class="button"
            disabled={again.busy}
            onClick={() => void again.run([code ? { code } : isUnread ? { state } : {}])}
          >
            {t.readAllAgain}
          </button>
        )
      }
    >
      <div id="mails" class="answer">
        <Tabs
          label={t.state}
          tabs={[tab(undefined, t.all, all), ...STATES.map((value) => tab(value, words().mailStates[value], counts[value]))]}
        />
        {code && (
          <p class="hint">
            {t.onlyCode} <code>{shownText(code)}</code> <a href="/ingest#mails">{t.allMails}</a>
          </p>
        )}
        {hasBar.current && (
          <SelectionBar
            selection={selection}
            shown={shown.map((item) => item.id)}
            busy={again.busy}
            onReadAgain={(ids) => void again.run(requestsFor(ids))}
          />
        )}
        <ReadAgainAnswer again={again} />
        <PagedTable wide caption={t.mails} columns={columns} list={list} keyOf={(item) => item.id} empty={<Empty title={t.noMails} />} />
      </div>
    </Section>
  )
}

function mailColumns(selection: Selection): Column<MailItem>[] {
  const t = words()
  const f = formats()
  const title = (item: MailItem) => shownText(mailTitle(item, t.ingest.noTitle))
  return [
    {
      key: 'select',
      title: t.ingest.select,
      kind: 'choice',
      cell: (item) => <SelectBox selection={selection} id={item.id} label={t.ingest.selectMail(title(item))} />,
    },
    {
      key: 'title',
      title: t.ingest.mail,
      kind: 'main',
      cell: (item) => (
        <a href={`/ingest/${encodeURIComponent(item.id)}`}>
          <bdi>{title(item)}</bdi>
        </a>
      ),
    },
    { key: 'state', title: t.ingest.outcome, cell: (item) => <MailStateBadge value={item.state} /> },
    { key: 'outcomes', title: t.ingest.became, kind: 'wide', cell: (item) => <OutcomeList outcomes={item.outcomes} /> },
    { key: 'sender', title: t.ingest.sender, cell: (item) => <Name value={senderAddress(item.sender)} /> },
    {
      key: 'origin',
      title: t.ingest.origin,
      cell: (item) => (item.mailbox ? <Name value={item.mailbox} /> : t.ingest.origins[item.origin]),
    },
    { key: 'stored', title: t.ingest.storedAt, cell: (item) => <span class="nowrap">{f.time(item.storedAt)}</span> },
  ]
}
