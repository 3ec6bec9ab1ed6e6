import { ChoiceField, TextField } from '../../components/form.tsx'
import { LinesField } from '../../components/lines-field.tsx'
import { senderWords } from '../../i18n/language.ts'
import { type ChannelDraft, makeSigningKey, withSecurity } from './channel-draft.ts'

interface TargetFieldsProps {
  draft: ChannelDraft
  change: (changes: Partial<ChannelDraft>) => void
  /** Names of secrets that the server has. */
  stored: readonly string[]
}

/** Where a channel leads to: other fields for each kind. */
export function TargetFields({ draft, change, stored }: TargetFieldsProps) {
  const t = senderWords().channelForm
  const hintOf = (secret: string, hint?: string) => (stored.includes(secret) ? t.stored : hint)
  const { kind } = draft
  if (kind === 'email') return <MailFields draft={draft} change={change} stored={stored} />
  if (kind === 'telegram')
    return (
      <>
        <TextField
          label={t.botToken}
          hint={hintOf('token')}
          value={draft.token}
          onInput={(token) => change({ token })}
          type="password"
          autocomplete="off"
          required={!stored.includes('token')}
          mono
        />
        <TextField label={t.chatId} hint={t.chatIdHint} value={draft.chatId} onInput={(chatId) => change({ chatId })} required mono />
        <TextField label={t.apiUrl} hint={t.apiUrlHint} value={draft.apiUrl} onInput={(apiUrl) => change({ apiUrl })} mono />
      </>
    )
  return (
    <>
      <TextField
        label={t.url[kind]}
        hint={stored.includes('url') ? `${t.urlHints[kind]} ${t.stored}` : t.urlHints[kind]}
        value={draft.url}
        onInput={(url) => change({ url })}
        required={!stored.includes('url')}
        maxLength={2000}
        autocomplete="off"
        mono
      />
      {kind === 'webhook' && (
        <>
          <TextField
            label={t.signingKey}
            hint={hintOf('signingKey', t.signingKeyHint)}
            value={draft.signingKey}
            onInput={(signingKey) => change({ signingKey })}
            minLength={16}
            autocomplete="off"
            mono
          />
          <p>
            <button type="button" class="button" onClick={() => change({ signingKey: makeSigningKey() })}>
              {t.makeKey}
            </button>
          </p>
        </>
      )}
      {kind === 'ntfy' && (
        <TextField
          label={t.accessToken}
          hint={hintOf('token', t.accessTokenHint)}
          value={draft.token}
          onInput={(token) => change({ token })}
          type="password"
          autocomplete="off"
          mono
        />
      )}
    </>
  )
}

function MailFields({ draft, change, stored }: TargetFieldsProps) {
  const t = senderWords().channelForm
  return (
    <>
      <TextField
        label={t.host}
        value={draft.host}
        onInput={(host) => change({ host })}
        placeholder="smtp.example.com"
        required
        maxLength={253}
        mono
      />
      <div class="form-row">
        <ChoiceField
          label={t.security}
          value={draft.security}
          options={[
            ['tls', t.securities.tls],
            ['starttls', t.securities.starttls],
            ['plain', t.securities.plain],
          ]}
          onChoose={(security) => change(withSecurity(draft, security))}
        />
        <TextField label={t.port} value={draft.port} onInput={(port) => change({ port })} type="number" required min={1} max={65535} />
      </div>
      <div class="form-row">
        <TextField
          label={t.user}
          hint={t.userHint}
          value={draft.user}
          onInput={(user) => change({ user })}
          maxLength={320}
          autocomplete="off"
        />
        <TextField
          label={t.password}
          hint={stored.includes('password') ? t.stored : undefined}
          value={draft.password}
          onInput={(password) => change({ password })}
          type="password"
          autocomplete="new-password"
          maxLength={2000}
        />
      </div>
      <TextField label={t.from} hint={t.fromHint} value={draft.from} onInput={(from) => change({ from })} maxLength={320} />
      <LinesField label={t.to} hint={t.toHint} value={draft.to} onInput={(to) => change({ to })} required />
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
    </>
  )
}
