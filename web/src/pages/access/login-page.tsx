import type { LoginRequest, SetupState } from '@ruadar/contract'
import { useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import { useQuery } from '../../api/query.ts'
import { TextField, useAction } from '../../components/form.tsx'
import { ProblemBox } from '../../components/states.tsx'
import { words } from '../../i18n/language.ts'
import { loadSession } from '../../state/session.ts'
import { AccessFrame } from './access-frame.tsx'

export function LoginPage() {
  const t = words().access
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const setup = useQuery<SetupState>({ path: '/setup' })
  const login = useAction(async () => {
    const body: LoginRequest = { name, password }
    await ask('/session', { method: 'POST', body })
    // The gate of the app sees the session and leads on, back to where the person came from.
    await loadSession()
  })
  return (
    <AccessFrame title={t.signIn}>
      {setup.data?.needed && <p class="notice">{t.setupNeeded}</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void login.run()
        }}
      >
        <TextField label={t.name} value={name} onInput={setName} autocomplete="username" required />
        <TextField label={t.password} value={password} onInput={setPassword} type="password" autocomplete="current-password" required />
        {login.error && <ProblemBox error={login.error} />}
        <button type="submit" class="button button-main" disabled={login.busy}>
          {t.signIn}
        </button>
      </form>
    </AccessFrame>
  )
}
