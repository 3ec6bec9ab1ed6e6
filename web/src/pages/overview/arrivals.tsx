import type { MailItem } from '@ruadar/contract'
import { mails } from '../../api/questions.ts'
import { useQuery } from '../../api/query.ts'
import { MailStateBadge } from '../../components/badges.tsx'
import { mailTitle } from '../../components/mail-title.ts'
import { Section } from '../../components/page.tsx'
import { reportHref } from '../../components/report-href.ts'
import { shownText } from '../../components/shown-text.ts'
import { Answer } from '../../components/states.tsx'
import { formats, words } from '../../i18n/language.ts'

const SHOWN = 6

/** The mails that came last, good and bad: silence here means that reports stopped coming. */
export function Arrivals() {
  const t = words().overview
  const latest = useQuery(mails(undefined, undefined, SHOWN), { every: 30_000 })
  return (
    <Section title={t.arrivals} actions={<a href="/ingest">{t.allArrivals}</a>}>
      <Answer query={latest} lines={6}>
        {(data) =>
          data.items.length === 0 ? (
            <p class="hint">{t.noArrivals}</p>
          ) : (
            <ul class="arrivals">
              {data.items.map((mail) => (
                <Arrival key={mail.id} mail={mail} />
              ))}
            </ul>
          )
        }
      </Answer>
    </Section>
  )
}

function Arrival({ mail }: { mail: MailItem }) {
  const f = formats()
  const [outcome, another] = mail.outcomes
  const report = outcome && !another ? reportHref(outcome) : null
  return (
    <li>
      <a href={report ?? `/ingest/${encodeURIComponent(mail.id)}`} class="arrival-title">
        <bdi>{shownText(mailTitle(mail, words().ingest.noTitle))}</bdi>
      </a>
      <MailStateBadge value={mail.state} />
      <time dateTime={mail.storedAt} title={f.time(mail.storedAt)} class="muted">
        {f.ago(mail.storedAt)}
      </time>
    </li>
  )
}
