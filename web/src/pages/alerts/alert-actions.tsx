import type { AlertChange, AlertItem, MuteRequest } from '@ruadar/contract'
import { useState } from 'preact/hooks'
import { changeAlert, mute } from '../../api/alert-questions.ts'
import { useAction } from '../../components/form.tsx'
import { ProblemBox } from '../../components/states.tsx'
import { senderWords } from '../../i18n/language.ts'
import { askAttention } from '../../state/attention.ts'

const SNOOZES = { day: 1, week: 7, month: 30 } as const
const DAY_MS = 86_400_000

interface AlertActionsProps {
  item: AlertItem
  onChanged: () => void
}

/** What can be done with an alert besides deciding on its sender. */
export function AlertActions({ item, onChanged }: AlertActionsProps) {
  const t = senderWords().alerts
  const [said, setSaid] = useState('')
  const change = useAction(async (to: AlertChange) => {
    const changed = await changeAlert(item.id, to)
    setSaid(t.changed(t.states[changed.state]))
    void askAttention()
    onChanged()
  })
  const silence = useAction(async (what: MuteRequest) => {
    await mute(what)
    setSaid(t.muteDone)
    void askAttention()
    onChanged()
  })
  const isActive = item.state === 'open' || item.state === 'acknowledged'
  const busy = change.busy || silence.busy
  const error = change.error ?? silence.error
  const snooze = (days: number) => void change.run({ state: 'snoozed', until: new Date(Date.now() + days * DAY_MS).toISOString() })
  return (
    <div class="alert-actions">
      <div class="buttons">
        {item.state === 'open' && (
          <button type="button" class="button" disabled={busy} onClick={() => void change.run({ state: 'acknowledged' })}>
            {t.acknowledge}
          </button>
        )}
        {isActive || item.state === 'snoozed' ? (
          <button type="button" class="button" disabled={busy} onClick={() => void change.run({ state: 'closed' })}>
            {t.close}
          </button>
        ) : (
          item.state === 'closed' && (
            <button type="button" class="button" disabled={busy} onClick={() => void change.run({ state: 'open' })}>
              {t.reopen}
            </button>
          )
        )}
        {item.state === 'snoozed' && (
          <button type="button" class="button" disabled={busy} onClick={() => void change.run({ state: 'open' })}>
            {t.reopen}
          </button>
        )}
        <details class="more-actions">
          <summary>{t.more}</summary>
          <div class="more-actions-box">
            {isActive && (
              <Choices
                label={t.snooze}
                busy={busy}
                choices={Object.entries(SNOOZES).map(([name, days]) => [t.snoozes[name as keyof typeof SNOOZES], () => snooze(days)])}
              />
            )}
            <Choices label={t.mute} busy={busy} choices={muteChoices(item, (what) => void silence.run(what))} />
          </div>
        </details>
      </div>
      <p class="said" role="status">
        {said}
      </p>
      {error && <ProblemBox error={error} />}
    </div>
  )
}

function muteChoices(item: AlertItem, silence: (what: MuteRequest) => void): [string, () => void][] {
  const t = senderWords().alerts.mutes
  const { senderId, domain, rule } = item
  return [
    ...(senderId === null ? [] : [[t.sender, () => silence({ senderId })] as [string, () => void]]),
    ...(domain === null ? [] : [[t.domain, () => silence({ domain })] as [string, () => void]]),
    [t.rule, () => silence({ rule })],
  ]
}

interface ChoicesProps {
  label: string
  busy: boolean
  choices: readonly (readonly [string, () => void])[]
}

function Choices({ label, busy, choices }: ChoicesProps) {
  return (
    <div class="buttons" role="group" aria-label={label}>
      <span class="muted">{label}</span>
      {choices.map(([title, act]) => (
        <button key={title} type="button" class="button" disabled={busy} onClick={act}>
          {title}
        </button>
      ))}
    </div>
  )
}
