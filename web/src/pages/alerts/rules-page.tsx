import type { AlertRule, AlertRuleChange } from '@ruadar/contract'
import { useState } from 'preact/hooks'
import { alertRules } from '../../api/alert-questions.ts'
import { ask } from '../../api/client.ts'
import { useQuery } from '../../api/query.ts'
import { TextField, useAction } from '../../components/form.tsx'
import { Page } from '../../components/page.tsx'
import { Answer, ProblemBox } from '../../components/states.tsx'
import { formats, senderWords } from '../../i18n/language.ts'
import { MutesSection } from './mutes-section.tsx'
import { ruleAbout, ruleName } from './alert-sentence.tsx'

type Setting = AlertRule['settings'][number]

export function RulesPage() {
  const t = senderWords().alertRules
  const query = useQuery(alertRules())
  return (
    <Page title={t.title}>
      <p class="hint">{t.hint}</p>
      <Answer query={query} lines={10}>
        {(data) => (
          <div class="rules">
            {data.items.map((rule) => (
              <RuleCard key={rule.rule} rule={rule} />
            ))}
          </div>
        )}
      </Answer>
      <MutesSection />
    </Page>
  )
}

/** Shares are entered in percent. */
const scaleOf = ({ unit }: Setting): number => (unit === 'share' ? 100 : 1)
const asTyped = (setting: Setting, value: number): string => String(Math.round(value * scaleOf(setting) * 100) / 100)

function RuleCard({ rule }: { rule: AlertRule }) {
  const t = senderWords().alertRules
  const [enabled, setEnabled] = useState(rule.enabled)
  const [typed, setTyped] = useState<Record<string, string>>(() => typedOf(rule, (setting) => setting.value))
  const [said, setSaid] = useState('')
  const save = useAction(async () => {
    setSaid('')
    const settings = Object.fromEntries(rule.settings.map((setting) => [setting.name, Number(typed[setting.name]) / scaleOf(setting)]))
    const body: AlertRuleChange = { enabled, settings }
    await ask(`/alert-rules/${rule.rule}`, { method: 'PUT', body })
    setSaid(t.saved)
  })
  return (
    <form
      class="panel"
      aria-label={ruleName(rule.rule)}
      onSubmit={(event) => {
        event.preventDefault()
        void save.run()
      }}
    >
      <label class="check rule-switch">
        <input type="checkbox" checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
        <span>
          <strong>{ruleName(rule.rule)}</strong>
          <span class="hint">{ruleAbout(rule.rule)}</span>
        </span>
      </label>
      {rule.settings.length > 0 && (
        <div class="form-row">
          {rule.settings.map((setting) => (
            <SettingField
              key={setting.name}
              setting={setting}
              value={typed[setting.name] ?? ''}
              onInput={(value) => setTyped((old) => ({ ...old, [setting.name]: value }))}
            />
          ))}
        </div>
      )}
      {save.error && <ProblemBox error={save.error} />}
      <p class="buttons">
        <button type="submit" class="button" disabled={save.busy}>
          {t.save}
        </button>
        {rule.settings.length > 0 && (
          <button type="button" class="link-button" onClick={() => setTyped(typedOf(rule, (setting) => setting.default))}>
            {t.reset}
          </button>
        )}
        <span role="status">{said}</span>
      </p>
    </form>
  )
}

function typedOf(rule: AlertRule, value: (setting: Setting) => number): Record<string, string> {
  return Object.fromEntries(rule.settings.map((setting) => [setting.name, asTyped(setting, value(setting))]))
}

function SettingField({ setting, value, onInput }: { setting: Setting; value: string; onInput: (value: string) => void }) {
  const t = senderWords().alertRules
  const names: Partial<Record<string, string>> = t.settingNames
  const f = formats()
  const bound = (number: number) => f.integer(number * scaleOf(setting))
  const name = Object.hasOwn(names, setting.name) ? names[setting.name] : setting.name
  return (
    <TextField
      label={setting.unit === 'share' ? `${name}, %` : (name ?? setting.name)}
      hint={t.range({
        from: bound(setting.minimum),
        to: bound(setting.maximum),
        unit: t.units[setting.unit],
        usual: asTyped(setting, setting.default),
      })}
      value={value}
      onInput={onInput}
      type="number"
      required
      min={setting.minimum * scaleOf(setting)}
      max={setting.maximum * scaleOf(setting)}
      step="any"
    />
  )
}
