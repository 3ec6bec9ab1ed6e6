import type { Channel } from '@ruadar/contract'
import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { channelPath } from '../../api/channel-questions.ts'
import { ask } from '../../api/client.ts'
import { forgetAnswers } from '../../api/query.ts'
import { ChoiceField, ConfirmButton, TextField, useAction } from '../../components/form.tsx'
import { Section } from '../../components/page.tsx'
import { ProblemBox } from '../../components/states.tsx'
import { senderWords } from '../../i18n/language.ts'
import { type ChannelDraft, inputOf, KINDS } from './channel-draft.ts'
import { TargetFields } from './target-fields.tsx'
import { WhatFields } from './what-fields.tsx'

/**
 * @param channel the one that is changed, null for a new one
 */
export function ChannelForm({ start, channel }: { start: ChannelDraft; channel: Channel | null }) {
  const t = senderWords()
  const { route } = useLocation()
  const [draft, setDraft] = useState(start)
  const [said, setSaid] = useState('')
  const change = (changes: Partial<ChannelDraft>) => setDraft((old) => ({ ...old, ...changes }))
  const save = useAction(async () => {
    setSaid('')
    const body = inputOf(draft)
    const saved = await ask<Channel>(channel ? channelPath(channel.id) : '/channels', { method: channel ? 'PUT' : 'POST', body })
    forgetAnswers()
    if (channel) setSaid(t.channelForm.saved)
    else route(`/alerts/channels/${saved.id}`)
  })
  const remove = useAction(async () => {
    if (!channel) return
    await ask(channelPath(channel.id), { method: 'DELETE' })
    forgetAnswers()
    route('/alerts/channels')
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void save.run()
      }}
    >
      <div class="columns">
        <Section title={t.channelForm.target}>
          {channel === null && (
            <ChoiceField
              label={t.channelForm.kind}
              value={draft.kind}
              options={KINDS.map((kind) => [kind, t.channels.kinds[kind]] as const)}
              onChoose={(kind) => change({ kind })}
            />
          )}
          <TextField
            label={t.channelForm.name}
            hint={t.channelForm.nameHint}
            value={draft.name}
            onInput={(name) => change({ name })}
            required
            maxLength={100}
          />
          <TargetFields draft={draft} change={change} stored={channel?.secrets ?? []} />
        </Section>
        <Section title={t.channelForm.what}>
          <label class="check">
            <input type="checkbox" checked={draft.enabled} onChange={(event) => change({ enabled: event.currentTarget.checked })} />
            <span>{t.channelForm.enabled}</span>
          </label>
          <ChoiceField
            label={t.channelForm.language}
            value={draft.language}
            options={[
              ['en', t.channelForm.languages.en],
              ['ru', t.channelForm.languages.ru],
            ]}
            onChoose={(language) => change({ language })}
          />
          <WhatFields draft={draft} change={change} />
        </Section>
      </div>
      <div class="panel form-end">
        <div aria-live="polite">
          {save.error && <ProblemBox error={save.error} />}
          {remove.error && <ProblemBox error={remove.error} />}
        </div>
        <div class="buttons">
          <button type="submit" class="button button-main" disabled={save.busy}>
            {t.channelForm.save}
          </button>
          {channel && (
            <ConfirmButton
              label={t.channelForm.remove}
              question={t.channelForm.removeQuestion}
              busy={remove.busy}
              onConfirm={() => void remove.run()}
            />
          )}
          <span role="status">{said}</span>
          {channel === null && <span class="hint">{t.channelForm.testUnsaved}</span>}
        </div>
      </div>
    </form>
  )
}
