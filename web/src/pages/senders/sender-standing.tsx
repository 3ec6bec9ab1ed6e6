import type { SenderDetail } from '@ruadar/contract'
import { Name } from '../../components/name.tsx'
import { senderKind } from '../../components/sender-state.tsx'
import { formats, senderWords, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'
import { evidenceParts } from './evidence.tsx'

/** What this sender is, how its mail fares, and what its name rests on. */
export function SenderStanding({ data }: { data: SenderDetail }) {
  const t = words().sources
  const s = senderWords().senderPage
  const f = formats()
  const { href } = useFilter()
  const only = data.domains.length === 1 ? data.domains[0] : undefined
  const { none, pass, quarantine, reject } = data.dispositions
  const [first, last] = [data.domains.map((item) => item.firstSeen), data.domains.map((item) => item.lastSeen)].map((days) =>
    days.filter((day) => day !== null).toSorted(),
  )
  const firstDay = first?.[0]
  const lastDay = last?.at(-1)
  return (
    <section class="standing" aria-label={s.standing}>
      <p class="standing-sentence">
        {t.sentence({
          messages: words().standing.messages(data.messages),
          domain: only ? <Name value={only.domain} /> : t.severalDomains(data.domains.length),
          share: <strong>{f.share(data.dmarcPass, data.messages)}</strong>,
        })}
      </p>
      <p class="hint">
        {senderKind(data.kind)} · {firstDay && lastDay && `${t.seen(f.day(firstDay), f.day(lastDay))} · `}
        {t.received({ none: f.integer(none + pass), quarantine: f.integer(quarantine), reject: f.integer(reject) })}
      </p>
      {data.evidence.length > 0 && (
        <div class="standing-next">
          <p class="standing-label">{s.named}</p>
          <ul class="advice">
            {data.evidence.map((item) => (
              <li key={item.by + item.value}>{evidenceParts(item)}</li>
            ))}
          </ul>
        </div>
      )}
      {data.dmarcFail > 0 && (
        <p>
          <a href={href('/reports', { dmarc: 'fail', sender: data.id })}>
            {words().overview.failingMessages}: {f.integer(data.dmarcFail)}
          </a>
        </p>
      )}
    </section>
  )
}
