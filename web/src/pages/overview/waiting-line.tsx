import { words } from '../../i18n/language.ts'
import { waiting } from '../../state/attention.ts'

/** What waits for a person, in one line; nothing when nothing does. */
export function WaitingLine() {
  const t = words().overview
  const { unknownSenders = 0, openAlerts = 0 } = waiting.value ?? {}
  if (unknownSenders === 0 && openAlerts === 0) return null
  return (
    <section class="waiting-line" aria-label={t.waitingLabel}>
      <p>
        {t.waiting({
          senders: unknownSenders === 0 ? null : <a href="/inbox">{t.unknownSenders(unknownSenders)}</a>,
          alerts: openAlerts === 0 ? null : <a href="/alerts">{t.openAlerts(openAlerts)}</a>,
        })}
      </p>
    </section>
  )
}
