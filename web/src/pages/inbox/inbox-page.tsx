import { useState } from 'preact/hooks'
import { lasting } from '../../api/ask-again.ts'
import { senders, senderSummary } from '../../api/sender-questions.ts'
import { usePages, useQuery } from '../../api/query.ts'
import { FilterBar } from '../../components/filter-bar.tsx'
import { Name } from '../../components/name.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, ProblemBox, Skeleton } from '../../components/states.tsx'
import { senderWords, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'
import { InboxBar } from './inbox-bar.tsx'
import { InboxKeys, InboxList } from './inbox-list.tsx'
import { KeyHelp } from './key-help.tsx'
import { Preview } from './preview.tsx'
import { EMPTY_ID, useInbox } from './use-inbox.ts'

const WAITING = { undecided: true, state: 'unknown', sort: 'messages' } as const

/** Senders that nobody has decided on, to be decided on one after the other or many at once. */
export function InboxPage() {
  const t = senderWords().inbox
  const { asked, filter } = useFilter()
  return (
    <Page title={t.title}>
      <FilterBar />
      <p class="hint">
        {t.hint} {filter.domain ? t.oneDomain({ domain: <Name value={filter.domain} /> }) : t.everyDomain}
      </p>
      <Waiting key={JSON.stringify(asked)} />
    </Page>
  )
}

/** The rows under one filter; another filter starts anew. */
function Waiting() {
  const t = senderWords().inbox
  const { asked, filter, href } = useFilter()
  const list = usePages(senders(asked, WAITING, 100))
  const error = lasting(list.error)
  const total = useQuery(senderSummary(asked)).data?.undecidedUnknown
  const inbox = useInbox(list, total, filter.domain ?? null)
  const [help, setHelp] = useState(false)
  const toggleHelp = () => setHelp((shown) => !shown)
  const isDone = list.pages !== undefined && inbox.shown.length === 0 && !list.hasMore
  return (
    <InboxKeys inbox={inbox} onHelp={toggleHelp}>
      <div class="inbox-head">
        <InboxBar inbox={inbox} />
        <KeyHelp isOpen={help} onToggle={toggleHelp} />
      </div>
      {inbox.error && <ProblemBox error={inbox.error} />}
      {error && <ProblemBox error={error} retry={list.retry} />}
      {list.pages === undefined && !error && (
        <div class="panel" aria-busy="true">
          <Skeleton lines={10} />
        </div>
      )}
      {inbox.shown.length > 0 && (
        <div class="inbox-columns">
          <div class="panel">
            <InboxList inbox={inbox} />
            {list.hasMore && (
              <p class="more">
                <button type="button" class="button" onClick={list.more} disabled={list.loading}>
                  {list.loading ? words().states.loading : words().states.more}
                </button>
              </p>
            )}
          </div>
          <Preview current={inbox.current} />
        </div>
      )}
      {isDone && (
        <div class="panel" id={EMPTY_ID} tabIndex={-1}>
          <Empty title={t.empty}>
            <p>{t.emptyHint}</p>
            <a class="button" href={href('/senders')}>
              {t.allSenders}
            </a>
          </Empty>
        </div>
      )}
    </InboxKeys>
  )
}
