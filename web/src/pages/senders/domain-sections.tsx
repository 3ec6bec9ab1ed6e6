import type { SenderDetail, SenderDomain, SenderState } from '@ruadar/contract'
import { useState } from 'preact/hooks'
import { decide, undoDecisions } from '../../api/sender-questions.ts'
import { DecisionButtons } from '../../components/decision-buttons.tsx'
import { useAction } from '../../components/form.tsx'
import { Name } from '../../components/name.tsx'
import { SenderStateBadge } from '../../components/sender-state.tsx'
import { ShareBar } from '../../components/share-bar.tsx'
import { ProblemBox } from '../../components/states.tsx'
import { formats, senderWords, words } from '../../i18n/language.ts'
import { proposalReason } from './diagnosis-words.ts'
import { askAttention } from '../../state/attention.ts'
import { DiagnosisPanel } from './diagnosis-panel.tsx'

/** So many domains are open at once; more of them would bury the rest of the page. */
const OPEN = 3

interface DomainSectionsProps {
  sender: SenderDetail
  onDecided: () => void
}

/** What the sender is to each domain, why its mail fails there, and what to do. */
export function DomainSections({ sender, onDecided }: DomainSectionsProps) {
  const rest = sender.domains.slice(OPEN)
  const section = (item: SenderDomain) => <DomainSection key={item.domain} sender={sender} item={item} onDecided={onDecided} />
  return (
    <>
      {sender.domains.slice(0, OPEN).map(section)}
      {rest.length > 0 && (
        <details class="more-domains">
          <summary>{senderWords().senderPage.otherDomains(rest.length)}</summary>
          <div class="answer">{rest.map(section)}</div>
        </details>
      )}
    </>
  )
}

function DomainSection({ sender, item, onDecided }: { sender: SenderDetail; item: SenderDomain; onDecided: () => void }) {
  const t = senderWords().decisionWords
  const f = formats()
  const [last, setLast] = useState<{ ids: number[]; said: string }>()
  const change = useAction(async (state: SenderState | null) => {
    const { decisions } = await decide({ domain: item.domain, senders: [sender.id], state })
    setLast({ ids: decisions, said: t.done(sender.name, words().senderStates[state ?? 'unknown']) })
    void askAttention()
    onDecided()
  })
  const undo = useAction(async () => {
    if (!last) return
    await undoDecisions(last.ids)
    setLast({ ids: [], said: t.undone(last.said) })
    void askAttention()
    onDecided()
  })
  const error = change.error ?? undo.error
  return (
    <section class="panel" aria-label={item.domain}>
      <div class="panel-head">
        <h2>{t.whatIs({ domain: <Name value={item.domain} /> })}</h2>
        <span class="badges">
          <SenderStateBadge value={item.state} />
          <span class="muted">{item.decided ? t.decided : item.state === 'unknown' ? '' : t.proposed}</span>
        </span>
      </div>
      <p class="domain-numbers">
        {words().standing.messages(item.messages)} <ShareBar pass={item.dmarcPass} messages={item.messages} />
        {item.firstSeen && item.lastSeen && <span class="muted">{words().sources.seen(f.day(item.firstSeen), f.day(item.lastSeen))}</span>}
      </p>
      {!item.decided && <ProposalBox proposal={item.proposal} />}
      <div class="buttons">
        <DecisionButtons
          label={t.choose}
          current={item.decided ? item.state : undefined}
          suggested={item.decided ? undefined : item.proposal?.state}
          busy={change.busy || undo.busy}
          onDecide={(state) => void change.run(state)}
        />
        {item.decided && (
          <button type="button" class="link-button" disabled={change.busy} onClick={() => void change.run(null)}>
            {t.takeBack}
          </button>
        )}
      </div>
      <p class="said" role="status">
        {last && <bdi>{last.said}</bdi>}
        {last && last.ids.length > 0 && (
          <button type="button" class="link-button" onClick={() => void undo.run()}>
            {t.undo}
          </button>
        )}
      </p>
      {error && <ProblemBox error={error} />}
      <DiagnosisPanel item={item} senderId={sender.id} />
    </section>
  )
}

/** What the evidence speaks for, and the evidence; for an unknown sender the evidence alone, as there is nothing to accept. */
function ProposalBox({ proposal }: Pick<SenderDomain, 'proposal'>) {
  const t = senderWords().decisionWords
  if (proposal === null || (proposal.state === 'unknown' && proposal.reasons.length === 0)) return null
  return (
    <div class="proposal">
      {proposal.state !== 'unknown' && <p>{t.proposal({ state: <strong>{words().senderStates[proposal.state]}</strong> })}</p>}
      <ul class="plain-list">
        {proposal.reasons.map((reason) => (
          <li key={reason.code}>{proposalReason(reason)}</li>
        ))}
      </ul>
    </div>
  )
}
