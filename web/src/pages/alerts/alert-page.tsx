import type { AlertDetail } from '@ruadar/contract'
import { useLocation, useRoute } from 'preact-iso'
import { useEffect, useRef } from 'preact/hooks'
import { alert } from '../../api/alert-questions.ts'
import { decide } from '../../api/sender-questions.ts'
import { useQuery } from '../../api/query.ts'
import { DECISIONS, DecisionButtons, type DecisionState } from '../../components/decision-buttons.tsx'
import { useAction } from '../../components/form.tsx'
import { Name } from '../../components/name.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Answer, ProblemBox } from '../../components/states.tsx'
import { formats, senderWords } from '../../i18n/language.ts'
import { askAttention } from '../../state/attention.ts'
import { AlertActions } from './alert-actions.tsx'
import { AlertStateBadge, AlertText, AlertTitle, ruleName } from './alert-sentence.tsx'
import { evidenceLinks } from './evidence-links.ts'

/** One alert: what it says, where that is seen, what can be done, and what has happened to it. */
export function AlertPage() {
  const t = senderWords().alerts
  const id = useRoute().params['id'] ?? ''
  const query = useQuery(alert(id))
  return (
    <Page
      title={query.data ? ruleName(query.data.rule) : t.title}
      {...(query.data && { heading: <AlertTitle item={query.data} /> })}
      back={{ href: '/alerts', title: t.title }}
    >
      <Answer query={query} lines={8}>
        {(data) => <AlertSections data={data} onChanged={query.reload} />}
      </Answer>
    </Page>
  )
}

function AlertSections({ data, onChanged }: { data: AlertDetail; onChanged: () => void }) {
  const t = senderWords().alerts
  const f = formats()
  const links = evidenceLinks(data)
  return (
    <>
      <section class="standing" aria-label={ruleName(data.rule)}>
        <p class="standing-sentence">
          <AlertText item={data} />
        </p>
        <p class="hint">
          <AlertStateBadge value={data.state} /> {ruleName(data.rule)} · {t.about(f.day(data.day))} · {t.firedAt} {f.time(data.firedAt)}
        </p>
        {links.length > 0 && (
          <div class="standing-next">
            <p class="standing-label">{t.evidence}</p>
            <ul class="advice">
              {links.map(({ name, href }) => (
                <li key={name}>
                  <a href={href}>{t.evidenceLinks[name]}</a>
                </li>
              ))}
            </ul>
          </div>
        )}
      </section>
      {data.rule === 'new_sender' && data.senderId !== null && <AlertDecision data={data} senderId={data.senderId} onChanged={onChanged} />}
      <section class="panel" aria-label={t.title}>
        <AlertActions item={data} onChanged={onChanged} />
      </section>
      <Section title={t.events}>
        <ul class="log">
          {data.events.map((event) => (
            <li key={event.at + event.state}>
              <p>
                <AlertStateBadge value={event.state} />
              </p>
              {event.note && (
                <p>
                  <Name value={event.note} />
                </p>
              )}
              <p class="muted">{senderWords().senderPage.by(event.by ?? t.self, f.time(event.at))}</p>
            </li>
          ))}
        </ul>
      </Section>
    </>
  )
}

interface AlertDecisionProps {
  data: AlertDetail
  senderId: number
  onChanged: () => void
}

/** The four decisions. `?decide=` of a mail's link brings the focus to its button, and nothing more. */
function AlertDecision({ data, senderId, onChanged }: AlertDecisionProps) {
  const t = senderWords()
  const { query } = useLocation()
  const box = useRef<HTMLDivElement>(null)
  const asked = DECISIONS.find((state) => state === query['decide'])
  useEffect(() => {
    if (asked) box.current?.querySelector<HTMLElement>(`[data-decision="${asked}"]`)?.focus()
  }, [asked])
  const choose = useAction(async (state: DecisionState) => {
    await decide({ domain: data.domain, senders: [senderId], state })
    void askAttention()
    onChanged()
  })
  return (
    <Section title={t.alerts.decide} hint={asked ? t.alerts.decideHint : t.alerts.closedBy}>
      <div ref={box}>
        <DecisionButtons label={t.alerts.decide} suggested={asked} busy={choose.busy} onDecide={(state) => void choose.run(state)} />
      </div>
      <dl class="meanings">
        {DECISIONS.map((state) => (
          <div key={state}>
            <dt>{t.decisionWords.actions[state]}</dt>
            <dd>{t.decisionWords.meanings[state]}</dd>
          </div>
        ))}
      </dl>
      {choose.error && <ProblemBox error={choose.error} />}
    </Section>
  )
}
