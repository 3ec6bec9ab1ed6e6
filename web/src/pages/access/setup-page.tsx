import type { SetupRequest, SetupState } from '@ruadar/contract'
import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import { useQuery } from '../../api/query.ts'
import { TextField, useAction } from '../../components/form.tsx'
import { Answer, ProblemBox } from '../../components/states.tsx'
import { words } from '../../i18n/language.ts'
import { loadSession } from '../../state/session.ts'
import { AccessFrame } from './access-frame.tsx'

const SHORTEST_PASSWORD = 10

/** The one-time secret travels in the fragment, which browsers send to no server and keep out of referrers. */
function secretOfAddress(): string {
  return new URLSearchParams(location.hash.slice(1)).get('secret') ?? ''
}

export function SetupPage() {
  const t = words().access
  const setup = useQuery<SetupState>({ path: '/setup' })
  return (
    <AccessFrame title={t.setUp}>
      <Answer query={setup} lines={4}>
        {({ needed }) =>
          needed ? (
            <SetupForm />
          ) : (
            <>
              <p>{t.alreadySetUp}</p>
              <a class="button button-main" href="/login">
                {t.signIn}
              </a>
            </>
          )
        }
      </Answer>
    </AccessFrame>
  )
}

function SetupForm() {
  const t = words().access
  const { route } = useLocation()
  const [secret, setSecret] = useState(secretOfAddress)
  const [hadSecret] = useState(secret !== '')
  const [name, setName] = useState('admin')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const differs = again !== '' && again !== password
  const setUp = useAction(async () => {
    const body: SetupRequest = { secret, name, password }
    await ask('/setup', { method: 'POST', body })
    await loadSession()
    route('/start', true)
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (password === again) void setUp.run()
      }}
    >
      <p class="hint">{t.setUpHint}</p>
      {!hadSecret && <TextField label={t.secret} hint={t.secretHint} value={secret} onInput={setSecret} required mono />}
      <TextField label={t.name} value={name} onInput={setName} autocomplete="username" required maxLength={100} />
      <TextField
        label={t.password}
        hint={t.passwordHint}
        value={password}
        onInput={setPassword}
        type="password"
        autocomplete="new-password"
        minLength={SHORTEST_PASSWORD}
        maxLength={200}
        required
      />
      <TextField
        label={t.passwordAgain}
        error={differs ? t.passwordsDiffer : undefined}
        value={again}
        onInput={setAgain}
        type="password"
        autocomplete="new-password"
        required
      />
      {setUp.error && <ProblemBox error={setUp.error} />}
      <button type="submit" class="button button-main" disabled={setUp.busy || differs}>
        {t.create}
      </button>
    </form>
  )
}
