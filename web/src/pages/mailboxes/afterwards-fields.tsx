import { TextField } from '../../components/form.tsx'
import { words } from '../../i18n/language.ts'
import type { MailboxDraft } from './mailbox-draft.ts'

const ACTIONS = ['leave', 'seen', 'move', 'delete'] as const

/** What happens in the mailbox after a mail is safely stored. */
export function AfterwardsFields({ draft, change }: { draft: MailboxDraft; change: (changes: Partial<MailboxDraft>) => void }) {
  const t = words().mailbox
  return (
    <fieldset class="choices">
      <legend class="visually-hidden">{t.afterwards}</legend>
      {ACTIONS.map((action) => (
        <label class="check" key={action}>
          <input type="radio" name="afterwards" value={action} checked={draft.action === action} onChange={() => change({ action })} />
          <span>{t.actions[action]}</span>
        </label>
      ))}
      {draft.action === 'move' && (
        <TextField label={t.moveTo} value={draft.moveTo} onInput={(moveTo) => change({ moveTo })} required maxLength={200} mono />
      )}
      {draft.action === 'delete' && (
        <TextField
          label={t.deleteAfterDays}
          value={draft.deleteAfterDays}
          onInput={(deleteAfterDays) => change({ deleteAfterDays })}
          type="number"
          required
        />
      )}
    </fieldset>
  )
}
