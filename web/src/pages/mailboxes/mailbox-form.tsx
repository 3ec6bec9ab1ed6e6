import type { MailboxTest } from '@ruadar/contract'
import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import { forgetAnswers } from '../../api/query.ts'
import { ChoiceField, TextField, useAction } from '../../components/form.tsx'
import { Section } from '../../components/page.tsx'
import { ProblemBox } from '../../components/states.tsx'
import { words } from '../../i18n/language.ts'
import { AfterwardsFields } from './afterwards-fields.tsx'
import { AuthFields } from './auth-fields.tsx'
import { inputOf, type MailboxDraft, type Preset, presetOf, withPreset, withSecurity } from './mailbox-draft.ts'
import { TestResult } from './test-result.tsx'

/**
 * @param id of the mailbox that is changed, null for a new one
 */
export function MailboxForm({ start, id }: { start: MailboxDraft; id: number | null }) {
  const t = words().mailbox
  const { route } = useLocation()
  const [draft, setDraft] = useState(start)
  const [tested, setTested] = useState<MailboxTest>()
  const change = (changes: Partial<MailboxDraft>) => setDraft((old) => ({ ...old, ...changes }))
  const set = (name: 'name' | 'host' | 'port' | 'user' | 'folders') => (value: string) => change({ [name]: value })
  const test = useAction(async () => {
    setTested(undefined)
    setTested(await ask<MailboxTest>('/mailboxes/test', { method: 'POST', body: { ...inputOf(draft), ...(id !== null && { id }) } }))
  })
  const save = useAction(async () => {
    await ask(id === null ? '/mailboxes' : `/mailboxes/${id}`, { method: id === null ? 'POST' : 'PUT', body: inputOf(draft) })
    forgetAnswers()
    route('/ingest')
  })
  const presets: readonly (readonly [Preset, string])[] = [
    ['other', t.presets.other],
    ['microsoft365', t.presets.microsoft365],
    ['gmail', t.presets.gmail],
  ]
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void save.run()
      }}
    >
      <div class="columns">
        <Section title={t.server}>
          <ChoiceField
            label={t.preset}
            value={presetOf(draft)}
            options={presets}
            onChoose={(preset) => setDraft(withPreset(draft, preset))}
          />
          <TextField label={t.host} value={draft.host} onInput={set('host')} placeholder="imap.example.com" required maxLength={253} mono />
          <div class="form-row">
            <ChoiceField
              label={t.security}
              value={draft.security}
              options={[
                ['tls', t.securities.tls],
                ['starttls', t.securities.starttls],
                ['plain', t.securities.plain],
              ]}
              onChoose={(security) => setDraft(withSecurity(draft, security))}
            />
            <TextField label={t.port} value={draft.port} onInput={set('port')} type="number" required />
          </div>
          <label class="check">
            <input
              type="checkbox"
              checked={draft.acceptInvalidCertificate}
              onChange={(event) => change({ acceptInvalidCertificate: event.currentTarget.checked })}
            />
            <span>
              {t.acceptInvalidCertificate} <span class="hint">{t.acceptInvalidCertificateHint}</span>
            </span>
          </label>
        </Section>
        <Section title={t.account}>
          <TextField
            label={t.user}
            value={draft.user}
            onInput={set('user')}
            placeholder="dmarc@example.com"
            required
            maxLength={320}
            autocomplete="off"
          />
          <AuthFields draft={draft} change={change} hasSecrets={id !== null} preset={presetOf(draft)} />
        </Section>
        <Section title={t.whatToRead}>
          <TextField label={t.name} hint={t.nameHint} value={draft.name} onInput={set('name')} maxLength={100} />
          <FoldersField draft={draft} change={change} offered={tested?.folders ?? []} />
          <label class="check">
            <input type="checkbox" checked={draft.enabled} onChange={(event) => change({ enabled: event.currentTarget.checked })} />
            <span>{t.enabled}</span>
          </label>
        </Section>
        <Section title={t.afterwards} hint={t.afterwardsHint}>
          <AfterwardsFields draft={draft} change={change} />
        </Section>
      </div>
      <div class="panel form-end">
        <div aria-live="polite">
          {test.error && <ProblemBox error={test.error} />}
          {tested && <TestResult result={tested} />}
          {save.error && <ProblemBox error={save.error} />}
        </div>
        <p class="buttons">
          <button type="button" class="button" disabled={test.busy} onClick={() => void test.run()}>
            {test.busy ? t.testing : t.test}
          </button>
          <button type="submit" class="button button-main" disabled={save.busy}>
            {t.save}
          </button>
        </p>
      </div>
    </form>
  )
}

interface FoldersFieldProps {
  draft: MailboxDraft
  change: (changes: Partial<MailboxDraft>) => void
  /** Folders that the test found in the account. */
  offered: readonly string[]
}

function FoldersField({ draft, change, offered }: FoldersFieldProps) {
  const t = words().mailbox
  const chosen = draft.folders.split('\n').map((folder) => folder.trim())
  const unused = offered.filter((folder) => !chosen.includes(folder)).slice(0, 30)
  return (
    <div class="field">
      <label for="folders">{t.folders}</label>
      <textarea
        id="folders"
        class="input mono"
        rows={3}
        value={draft.folders}
        spellcheck={false}
        aria-describedby="folders-hint"
        onInput={(event) => change({ folders: event.currentTarget.value })}
      />
      <p class="hint" id="folders-hint">
        {t.foldersHint}
      </p>
      {unused.length > 0 && (
        <ul class="chips" aria-label={t.foldersFound}>
          {unused.map((folder) => (
            <li key={folder}>
              <button type="button" class="chip" onClick={() => change({ folders: [...chosen, folder].filter(Boolean).join('\n') })}>
                <span aria-hidden="true">+ </span>
                <bdi>{folder}</bdi>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
