import { ChoiceField, TextField } from '../../components/form.tsx'
import { LinesField } from '../../components/lines-field.tsx'
import { senderWords } from '../../i18n/language.ts'
import { ruleAbout, ruleName } from '../alerts/alert-sentence.tsx'
import { type ChannelDraft, RULES } from './channel-draft.ts'

interface WhatFieldsProps {
  draft: ChannelDraft
  change: (changes: Partial<ChannelDraft>) => void
}

/** Which alerts and digests go through a channel. */
export function WhatFields({ draft, change }: WhatFieldsProps) {
  const t = senderWords().channelForm
  const { rules } = draft
  return (
    <>
      <fieldset class="choices">
        <legend>{t.rules}</legend>
        <label class="check">
          <input type="radio" name="rules" checked={rules === null} onChange={() => change({ rules: null })} />
          <span>{t.allRules}</span>
        </label>
        <label class="check">
          <input type="radio" name="rules" checked={rules !== null} onChange={() => change({ rules: rules ?? ['new_sender'] })} />
          <span>{t.someRules}</span>
        </label>
        {rules !== null &&
          RULES.map((rule) => (
            <label key={rule} class="check check-below" title={ruleAbout(rule)}>
              <input
                type="checkbox"
                checked={rules.includes(rule)}
                onChange={(event) =>
                  change({ rules: event.currentTarget.checked ? [...rules, rule] : rules.filter((other) => other !== rule) })
                }
              />
              <span>{ruleName(rule)}</span>
            </label>
          ))}
      </fieldset>
      <LinesField label={t.domains} hint={t.domainsHint} value={draft.domains} onInput={(domains) => change({ domains })} />
      {draft.kind === 'email' && (
        <div class="form-row">
          <ChoiceField
            label={t.digest}
            hint={t.digestHint}
            value={draft.digest}
            options={[
              ['none', t.digests.none],
              ['daily', t.digests.daily],
              ['weekly', t.digests.weekly],
            ]}
            onChoose={(digest) => change({ digest })}
          />
          {draft.digest !== 'none' && (
            <TextField
              label={t.digestHour}
              value={draft.digestHour}
              onInput={(digestHour) => change({ digestHour })}
              type="number"
              required
              min={0}
              max={23}
            />
          )}
        </div>
      )}
    </>
  )
}
