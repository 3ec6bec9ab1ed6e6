import { ingest, mailboxes } from '../../api/questions.ts'
import { useQuery } from '../../api/query.ts'
import { DropZone } from '../../components/drop-zone.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Answer, Empty } from '../../components/states.tsx'
import { words } from '../../i18n/language.ts'
import { MailboxCard } from './mailbox-card.tsx'
import { MailsSection } from './mails-section.tsx'
import { ReasonCounts } from './reason-counts.tsx'

/** The numbers move while mail is coming in; so often the page asks again while it is in view. */
const EVERY = 5_000

export function IngestPage() {
  const t = words().ingest
  const boxes = useQuery(mailboxes(), { every: EVERY })
  const counts = useQuery(ingest(), { every: EVERY })
  return (
    <Page
      title={t.title}
      actions={
        <a class="button button-main" href="/mailboxes/new">
          {t.addMailbox}
        </a>
      }
    >
      <Section title={t.mailboxes}>
        <Answer query={boxes} lines={4}>
          {(data) =>
            data.items.length === 0 ? (
              <Empty title={t.noMailbox}>
                <p>{t.noMailboxHint}</p>
              </Empty>
            ) : (
              <ul class="mailboxes">
                {data.items.map((mailbox) => (
                  <MailboxCard key={mailbox.id} mailbox={mailbox} />
                ))}
              </ul>
            )
          }
        </Answer>
      </Section>
      <Section title={t.dropFiles}>
        <DropZone onRead={counts.reload} />
      </Section>
      <Answer query={counts} lines={3}>
        {(data) => (
          <>
            <ReasonCounts summary={data} onReadAgain={counts.reload} />
            <MailsSection counts={data.mails} onReadAgain={counts.reload} />
          </>
        )}
      </Answer>
    </Page>
  )
}
