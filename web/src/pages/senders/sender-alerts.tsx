import { alerts } from '../../api/alert-questions.ts'
import { usePages } from '../../api/query.ts'
import { Section } from '../../components/page.tsx'
import { Skeleton } from '../../components/states.tsx'
import { formats, senderWords } from '../../i18n/language.ts'
import { AlertStateBadge, AlertTitle } from '../alerts/alert-sentence.tsx'

/** Alerts that were raised about this sender. */
export function SenderAlerts({ id }: { id: number }) {
  const t = senderWords()
  const list = usePages(alerts({ sender: id }, 10))
  const items = list.pages?.[0]
  if (list.error) return null
  return (
    <Section title={t.senderPage.alerts}>
      {items === undefined ? (
        <Skeleton lines={2} />
      ) : items.length === 0 ? (
        <p class="muted">{t.senderPage.noAlerts}</p>
      ) : (
        <ul class="log">
          {items.map((item) => (
            <li key={item.id}>
              <p>
                <a href={`/alerts/${item.id}`}>
                  <AlertTitle item={item} />
                </a>{' '}
                <AlertStateBadge value={item.state} />
              </p>
              <p class="muted">{formats().time(item.firedAt)}</p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
