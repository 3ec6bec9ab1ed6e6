import type { AccountRequest, Me } from '@ruadar/contract'
import { useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import { forgetAnswers } from '../../api/query.ts'
import { useAction } from '../../components/form.tsx'
import { Section } from '../../components/page.tsx'
import { ProblemBox } from '../../components/states.tsx'
import { words } from '../../i18n/language.ts'
import { session } from '../../state/session.ts'

/** Whether this account sees the recipients of other people's mail. */
export function AddressesSection() {
  const t = words().settings
  const current = session.value
  const sees = current.state === 'in' && current.me.seesAddresses
  const [said, setSaid] = useState('')
  const change = useAction(async () => {
    setSaid('')
    const body: AccountRequest = { seesAddresses: !sees }
    const me = await ask<Me>('/account', { method: 'PATCH', body })
    session.value = { state: 'in', me }
    // What was asked before shows too much now, or too little.
    forgetAnswers()
    setSaid(me.seesAddresses ? t.seesAddressesOn : t.seesAddressesOff)
  })
  return (
    <Section title={t.addresses} hint={t.addressesHint}>
      <div id="addresses">
        <label class="check">
          <input
            type="checkbox"
            checked={sees}
            disabled={change.busy}
            onChange={(event) => {
              // The box shows what the server has confirmed, not what was wished.
              event.currentTarget.checked = sees
              void change.run()
            }}
          />
          <span>
            {t.seesAddresses}
            <span class="hint">{t.seesAddressesHint}</span>
          </span>
        </label>
      </div>
      {change.error && <ProblemBox error={change.error} />}
      <p role="status">{said}</p>
    </Section>
  )
}
