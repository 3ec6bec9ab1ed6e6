import type { Delivery } from '@ruadar/contract'
import { useMemo } from 'preact/hooks'
import { channelPath } from '../../api/channel-questions.ts'
import { ask } from '../../api/client.ts'
import type { Pages } from '../../api/query.ts'
import { Badge, type Tone } from '../../components/badges.tsx'
import { type Column, PagedTable } from '../../components/data-table.tsx'
import { useAction } from '../../components/form.tsx'
import { Name } from '../../components/name.tsx'
import { Section } from '../../components/page.tsx'
import { ProblemBox } from '../../components/states.tsx'
import { formats, language, senderWords } from '../../i18n/language.ts'

const TONES: { [S in Delivery['state']]: Tone } = { waiting: 'warn', delivered: 'good', given_up: 'bad' }

/** What was sent through a channel, each attempt with the answer of the other side. */
export function DeliveriesSection({ id, list }: { id: number; list: Pages<Delivery> }) {
  const t = senderWords().deliveries
  const { reload } = list
  const columns = useMemo(() => deliveryColumns(id, reload), [language.value, id, reload])
  return (
    <Section title={t.title} hint={t.hint}>
      <PagedTable wide caption={t.title} columns={columns} list={list} keyOf={(item) => item.id} empty={<p class="muted">{t.none}</p>} />
    </Section>
  )
}

function deliveryColumns(channel: number, onRetried: () => void): Column<Delivery>[] {
  const t = senderWords().deliveries
  const f = formats()
  return [
    {
      key: 'message',
      title: t.message,
      kind: 'main',
      cell: (item) => (
        <>
          {item.alertId === null ? (
            <Name value={item.title} />
          ) : (
            <a href={`/alerts/${item.alertId}`}>
              <Name value={item.title} />
            </a>
          )}
          <span class="cell-note">{t.kinds[item.what]}</span>
        </>
      ),
    },
    { key: 'state', title: t.state, cell: (item) => <Badge tone={TONES[item.state]}>{t.states[item.state]}</Badge> },
    { key: 'created', title: t.created, cell: (item) => <span class="nowrap">{f.time(item.createdAt)}</span> },
    { key: 'attempts', title: t.attempts, kind: 'wide', cell: (item) => <Attempts item={item} /> },
    {
      key: 'retry',
      title: t.retry,
      kind: 'action',
      cell: (item) =>
        item.state === 'given_up' && item.what !== 'test' ? <Retry channel={channel} id={item.id} onRetried={onRetried} /> : null,
    },
  ]
}

/** So many attempts are shown at once; the newest tell most. */
const SHOWN = 3

function Attempts({ item }: { item: Delivery }) {
  const t = senderWords().deliveries
  const f = formats()
  const newest = item.attempts.slice(-SHOWN).toReversed()
  return (
    <>
      {item.attempts.length > SHOWN && <span class="cell-note">{t.attemptCount(item.attempts.length)}</span>}
      {newest.length === 0 && <span class="muted">{t.noAttempts}</span>}
      <ul class="plain-list">
        {newest.map((attempt) => (
          <li key={attempt.at}>
            <span aria-hidden="true">{attempt.ok ? '✓ ' : '✕ '}</span>
            <Name value={attempt.answer} />{' '}
            <span class="muted">
              {f.time(attempt.at)}, {t.took(f.integer(attempt.ms))}
            </span>
          </li>
        ))}
      </ul>
      {item.state === 'waiting' && item.nextAttemptAt && <span class="cell-note">{t.next(f.time(item.nextAttemptAt))}</span>}
    </>
  )
}

function Retry({ channel, id, onRetried }: { channel: number; id: number; onRetried: () => void }) {
  const retry = useAction(async () => {
    await ask(`${channelPath(channel)}/deliveries/${id}/retry`, { method: 'POST' })
    onRetried()
  })
  return (
    <>
      <button type="button" class="button" disabled={retry.busy} onClick={() => void retry.run()}>
        {senderWords().deliveries.retry}
      </button>
      {retry.error && <ProblemBox error={retry.error} />}
    </>
  )
}
