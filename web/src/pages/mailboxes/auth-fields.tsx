import { ChoiceField, TextField } from '../../components/form.tsx'
import { words } from '../../i18n/language.ts'
import type { MailboxDraft, Preset } from './mailbox-draft.ts'

interface AuthFieldsProps {
  draft: MailboxDraft
  change: (changes: Partial<MailboxDraft>) => void
  /** Whether the server keeps secrets already; empty fields then leave them as they are. */
  hasSecrets: boolean
  preset: Preset
}

export function AuthFields({ draft, change, hasSecrets, preset }: AuthFieldsProps) {
  const t = words().mailbox
  const set = (name: 'password' | 'tokenUrl' | 'clientId' | 'clientSecret' | 'refreshToken' | 'scope') => (value: string) =>
    change({ [name]: value })
  const kept = hasSecrets ? t.secretKept : undefined
  return (
    <>
      <ChoiceField
        label={t.authKind}
        value={draft.authKind}
        options={[
          ['password', t.authKinds.password],
          ['oauth2', t.authKinds.oauth2],
        ]}
        onChoose={(authKind) => change({ authKind })}
        hint={preset === 'other' ? undefined : t.presetHints[preset]}
      />
      {draft.authKind === 'password' ? (
        <TextField
          label={t.password}
          hint={kept}
          value={draft.password}
          onInput={set('password')}
          type="password"
          autocomplete="new-password"
          required={!hasSecrets}
          maxLength={1000}
        />
      ) : (
        <>
          <TextField label={t.tokenUrl} value={draft.tokenUrl} onInput={set('tokenUrl')} required maxLength={500} mono />
          <TextField label={t.clientId} value={draft.clientId} onInput={set('clientId')} required maxLength={300} mono autocomplete="off" />
          <TextField
            label={t.clientSecret}
            hint={kept}
            value={draft.clientSecret}
            onInput={set('clientSecret')}
            type="password"
            autocomplete="new-password"
            maxLength={1000}
          />
          <TextField
            label={t.refreshToken}
            hint={kept}
            value={draft.refreshToken}
            onInput={set('refreshToken')}
            type="password"
            autocomplete="new-password"
            required={!hasSecrets}
            maxLength={8000}
          />
          <TextField label={t.scope} value={draft.scope} onInput={set('scope')} maxLength={500} mono />
        </>
      )}
    </>
  )
}
