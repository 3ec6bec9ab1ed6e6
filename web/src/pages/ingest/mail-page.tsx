import type { MailItem } from '@ruadar/contract'
import { useRoute } from 'preact-iso'
import { ask } from '../../api/client.ts'
import { mail, rawMailPath } from '../../api/questions.ts'
import { useQuery } from '../../api/query.ts'
import { MailStateBadge } from '../../components/badges.tsx'
import { useDownload } from '../../components/download.ts'
import { type Fact, Facts } from '../../components/facts.tsx'
import { useAction } from '../../components/form.tsx'
import { mailTitle } from '../../components/mail-title.ts'
import { Name } from '../../components/name.tsx'
import { OutcomeList } from '../../components/outcomes.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Answer, ProblemBox } from '../../components/states.tsx'
import { formats, words } from '../../i18n/language.ts'
import { session } from '../../state/session.ts'

export function MailPage() {
  const t = words().ingest
  const id = useRoute().params['id'] ?? ''
  const query = useQuery(mail(id), { every: 5_000 })
  const again = useAction(async () => {
    await ask(`/ingest/mails/${encodeURIComponent(id)}/read-again`, { method: 'POST' })
    query.reload()
  })
  const download = useDownload(rawMailPath(id), `mail-${id}`)
  const title = query.data ? mailTitle(query.data, t.noTitle) : t.mail
  return (
    <Page
      title={title}
      heading={<Name value={title} />}
      back={{ href: '/ingest', title: t.title }}
      actions={
        <>
          <button type="button" class="button" disabled={again.busy || query.data?.state === 'stored'} onClick={() => void again.run()}>
            {t.readAgain}
          </button>
          <button type="button" class="button" disabled={download.busy} onClick={() => void download.run()}>
            {t.downloadMail}
          </button>
        </>
      }
    >
      {again.error && <ProblemBox error={again.error} />}
      {download.error && <ProblemBox error={download.error} />}
      <Answer query={query} lines={8}>
        {(data) => (
          <>
            <Section title={t.became}>
              <p>
                <MailStateBadge value={data.state} /> <span class="muted">{t.stateHints[data.state]}</span>
              </p>
              <OutcomeList outcomes={data.outcomes} />
              <SampleNotes item={data} />
            </Section>
            <Section title={t.facts}>
              <MailFacts item={data} />
            </Section>
          </>
        )}
      </Answer>
    </Page>
  )
}

/** What a mail with a failure report keeps to itself, and from whom. */
function SampleNotes({ item }: { item: MailItem }) {
  const t = words().ingest
  const current = session.value
  const holdsSample = item.outcomes.some((outcome) => outcome.kind === 'failure')
  const sees = current.state === 'in' && current.me.seesAddresses
  return (
    <>
      {item.reduced && <p class="hint">{t.reduced}</p>}
      {holdsSample && !sees && (
        <p class="hint">
          {t.holdsSample} <a href="/settings#addresses">{t.showAddresses}</a>
        </p>
      )}
    </>
  )
}

function MailFacts({ item }: { item: MailItem }) {
  const t = words().ingest
  const f = formats()
  const facts: readonly Fact[] = [
    [t.subject, <Name value={item.subject} />],
    [t.sender, <Name value={item.sender} />],
    [t.filename, <Name value={item.filename} />],
    [t.origin, item.mailbox ? <Name value={item.mailbox} /> : t.origins[item.origin]],
    [t.size, f.bytes(item.size)],
    [t.storedAt, f.time(item.storedAt)],
    [t.readAt, item.readAt ? f.time(item.readAt) : <Name value={null} />],
  ]
  return <Facts facts={facts} />
}
