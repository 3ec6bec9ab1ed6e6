import type { Mailbox } from '@ruadar/contract'
import { useLocation, useRoute } from 'preact-iso'
import { ask } from '../../api/client.ts'
import { mailboxes } from '../../api/questions.ts'
import { useQuery } from '../../api/query.ts'
import { ConfirmButton, useAction } from '../../components/form.tsx'
import { Name } from '../../components/name.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Answer, Empty, ProblemBox } from '../../components/states.tsx'
import { words } from '../../i18n/language.ts'
import { MailboxCard } from '../ingest/mailbox-card.tsx'
import { draftOf, EMPTY_DRAFT } from './mailbox-draft.ts'
import { MailboxForm } from './mailbox-form.tsx'

export function MailboxPage() {
  const id = useRoute().params['id'] ?? ''
  return id === 'new' ? <NewMailbox /> : <KnownMailbox id={Number(id)} />
}

function NewMailbox() {
  const t = words().mailbox
  return (
    <Page title={t.add} back={{ href: '/ingest', title: words().ingest.title }}>
      <p class="lead">{t.addHint}</p>
      <MailboxForm start={EMPTY_DRAFT} id={null} />
    </Page>
  )
}

function KnownMailbox({ id }: { id: number }) {
  const t = words().mailbox
  const query = useQuery(mailboxes())
  const known = query.data?.items.find((item) => item.id === id)
  return (
    <Page
      title={known?.name ?? t.mailbox}
      heading={<Name value={known?.name ?? t.mailbox} />}
      back={{ href: '/ingest', title: words().ingest.title }}
    >
      <Answer query={query} lines={10}>
        {() => (known ? <MailboxSections mailbox={known} /> : <Empty title={t.gone} />)}
      </Answer>
    </Page>
  )
}

function MailboxSections({ mailbox }: { mailbox: Mailbox }) {
  const t = words().mailbox
  const { route } = useLocation()
  const remove = useAction(async () => {
    await ask(`/mailboxes/${mailbox.id}`, { method: 'DELETE' })
    route('/ingest')
  })
  return (
    <>
      <Section title={t.state}>
        <ul class="mailboxes">
          <MailboxCard mailbox={mailbox} />
        </ul>
      </Section>
      {mailbox.managedBy === 'settings' ? (
        <p class="notice">{t.readOnly}</p>
      ) : (
        <>
          <MailboxForm key={mailbox.id} start={draftOf(mailbox)} id={mailbox.id} />
          <Section title={t.remove} hint={t.removeHint}>
            {remove.error && <ProblemBox error={remove.error} />}
            <ConfirmButton label={t.remove} question={t.removeQuestion} onConfirm={() => void remove.run()} busy={remove.busy} />
          </Section>
        </>
      )}
    </>
  )
}
