import type { MailItem } from '@ruadar/contract'
import type { ComponentChildren } from 'preact'
import { useRoute } from 'preact-iso'
import { ask } from '../../api/client.ts'
import { mail, rawMail } from '../../api/questions.ts'
import { useQuery } from '../../api/query.ts'
import { MailStateBadge } from '../../components/badges.tsx'
import { useAction } from '../../components/form.tsx'
import { mailTitle } from '../../components/mail-title.ts'
import { Name } from '../../components/name.tsx'
import { OutcomeList } from '../../components/outcomes.tsx'
import { Page, Section } from '../../components/page.tsx'
import { shownText } from '../../components/shown-text.ts'
import { Answer, ProblemBox } from '../../components/states.tsx'
import { formats, words } from '../../i18n/language.ts'

export function MailPage() {
  const t = words().ingest
  const id = useRoute().params['id'] ?? ''
  const query = useQuery(mail(id), { every: 5_000 })
  const again = useAction(async () => {
    await ask(`/ingest/mails/${encodeURIComponent(id)}/read-again`, { method: 'POST' })
    query.reload()
  })
  const title = query.data ? mailTitle(query.data, t.noTitle) : t.mail
  return (
    <Page
      title={shownText(title)}
      heading={<Name value={title} />}
      back={{ href: '/ingest', title: t.title }}
      actions={
        <>
          <button type="button" class="button" disabled={again.busy || query.data?.state === 'stored'} onClick={() => void again.run()}>
            {t.readAgain}
          </button>
          <a class="button" href={rawMail(id)} download>
            {t.downloadMail}
          </a>
        </>
      }
    >
      {again.error && <ProblemBox error={again.error} />}
      <Answer query={query} lines={8}>
        {(data) => (
          <>
            <Section title={t.became}>
              <p>
                <MailStateBadge value={data.state} /> <span class="muted">{t.stateHints[data.state]}</span>
              </p>
              <OutcomeList outcomes={data.outcomes} />
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

function MailFacts({ item }: { item: MailItem }) {
  const t = words().ingest
  const f = formats()
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    [t.subject, <Name value={item.subject} />],
    [t.sender, <Name value={item.sender} />],
    [t.filename, <Name value={item.filename} />],
    [t.origin, item.mailbox ? <Name value={item.mailbox} /> : t.origins[item.origin]],
    [t.size, f.bytes(item.size)],
    [t.storedAt, f.time(item.storedAt)],
    [t.readAt, item.readAt ? f.time(item.readAt) : <Name value={null} />],
  ]
  return (
    <dl class="facts">
      {facts.map(([title, value]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
