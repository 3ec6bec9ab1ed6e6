import type { Decision } from '@ruadar/contract'
import { undoDecisions } from '../../api/sender-questions.ts'
import { useAction } from '../../components/form.tsx'
import { Name } from '../../components/name.tsx'
import { Section } from '../../components/page.tsx'
import { ProblemBox } from '../../components/states.tsx'
import { formats, senderWords, words } from '../../i18n/language.ts'
import { askAttention } from '../../state/attention.ts'

/** Who said what of the sender, newest first; each can be taken back. */
export function DecisionsSection({ decisions, onUndone }: { decisions: readonly Decision[]; onUndone: () => void }) {
  const t = senderWords()
  const undo = useAction(async (id: number) => {
    await undoDecisions([id])
    void askAttention()
    onUndone()
  })
  const newest = newestOfDomains(decisions)
  return (
    <Section title={t.senderPage.decisions}>
      {decisions.length === 0 && <p class="muted">{t.senderPage.noDecisions}</p>}
      {undo.error && <ProblemBox error={undo.error} />}
      <ul class="log">
        {decisions.map((decision) => (
          <li key={decision.id}>
            <p class={decision.undone ? 'is-undone' : undefined}>
              {t.senderPage.decision({
                domain: <Name value={decision.domain} />,
                before: <span>{words().senderStates[decision.before]}</span>,
                state: <strong>{decision.state === null ? t.senderPage.openQuestion : words().senderStates[decision.state]}</strong>,
              })}
            </p>
            {decision.note && (
              <p>
                <Name value={decision.note} />
              </p>
            )}
            <p class="muted">
              {t.senderPage.by(decision.by, formats().time(decision.at))}
              {decision.undone && ` · ${t.senderPage.isUndone}`}
              {newest.has(decision.id) && (
                <>
                  {' · '}
                  <button type="button" class="link-button" disabled={undo.busy} onClick={() => void undo.run(decision.id)}>
                    {t.decisionWords.undo}
                  </button>
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** The server takes back the last word on a domain only: an older one has been superseded. */
function newestOfDomains(decisions: readonly Decision[]): ReadonlySet<number> {
  const newest = new Map<string, Decision>()
  for (const decision of decisions) if (!decision.undone && !newest.has(decision.domain)) newest.set(decision.domain, decision)
  return new Set([...newest.values()].map(({ id }) => id))
}
