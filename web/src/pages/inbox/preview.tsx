import type { SenderDetail } from '@ruadar/contract'
import type { Signal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import { sender } from '../../api/sender-questions.ts'
import { useQuery } from '../../api/query.ts'
import { Name } from '../../components/name.tsx'
import { Answer } from '../../components/states.tsx'
import { diagnosisParts, proposalReason } from '../senders/diagnosis-words.ts'
import { senderWords, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'
import { evidenceParts } from '../senders/evidence.tsx'
import { sentenceHoles } from '../senders/sentence-holes.tsx'

/** Somebody who runs down the list with a key held asks nothing until they stop. */
const REST_MS = 200

/** What is known of the row with the focus, beside the list where there is room. It repeats the sender's page, so it announces nothing. */
export function Preview({ current }: { current: Signal<number | null> }) {
  const { asked } = useFilter()
  const wanted = current.value
  const [id, setId] = useState(wanted)
  useEffect(() => {
    const timer = setTimeout(() => setId(wanted), REST_MS)
    return () => clearTimeout(timer)
  }, [wanted])
  const query = useQuery(id === null ? null : sender(String(id), asked))
  return (
    <aside class="panel inbox-preview" aria-label={senderWords().senderPage.standing}>
      <Answer query={query} lines={6}>
        {(data) => <About data={data} />}
      </Answer>
    </aside>
  )
}

function About({ data }: { data: SenderDetail }) {
  const t = senderWords()
  const [domain] = data.domains
  return (
    <>
      <h2>
        <Name value={data.name} />
      </h2>
      <div>
        <h3>{t.senderPage.named}</h3>
        <ul class="plain-list">
          {data.evidence.slice(0, 4).map((item) => (
            <li key={item.by + item.value}>{evidenceParts(item)}</li>
          ))}
        </ul>
      </div>
      {domain?.diagnosis && (
        <div>
          <h3>{t.senderPage.why}</h3>
          <p>{diagnosisParts(domain.diagnosis, sentenceHoles)}</p>
        </div>
      )}
      {domain?.proposal && domain.proposal.reasons.length > 0 && (
        <div>
          {domain.proposal.state !== 'unknown' && (
            <h3>{t.decisionWords.proposal({ state: words().senderStates[domain.proposal.state] })}</h3>
          )}
          <ul class="plain-list">
            {domain.proposal.reasons.map((reason) => (
              <li key={reason.code}>{proposalReason(reason)}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
}
