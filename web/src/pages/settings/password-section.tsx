import type { PasswordRequest } from '@ruadar/contract'
import { useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import { TextField, useAction } from '../../components/form.tsx'
import { Section } from '../../components/page.tsx'
import { ProblemBox } from '../../components/states.tsx'
import { words } from '../../i18n/language.ts'

export function PasswordSection() {
  const t = words()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [isChanged, setChanged] = useState(false)
  const change = useAction(async () => {
    setChanged(false)
    const body: PasswordRequest = { current, next }
    await ask('/password', { method: 'POST', body })
    setCurrent('')
    setNext('')
    setChanged(true)
  })
  return (
    <Section title={t.settings.password}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void change.run()
        }}
      >
        <TextField
          label={t.settings.currentPassword}
          value={current}
          onInput={setCurrent}
          type="password"
          autocomplete="current-password"
          maxLength={200}
          required
        />
        <TextField
          label={t.settings.newPassword}
          hint={t.access.passwordHint}
          value={next}
          onInput={setNext}
          type="password"
          autocomplete="new-password"
          minLength={10}
          maxLength={200}
          required
        />
        {change.error && <ProblemBox error={change.error} />}
        <p class="buttons">
          <button type="submit" class="button" disabled={change.busy}>
            {t.settings.changePassword}
          </button>
          <span role="status">{isChanged ? t.settings.passwordChanged : ''}</span>
        </p>
      </form>
    </Section>
  )
}
