import type { ChannelTest } from '@ruadar/contract'
import { useState } from 'preact/hooks'
import { channelPath } from '../../api/channel-questions.ts'
import { ask } from '../../api/client.ts'
import { Badge } from '../../components/badges.tsx'
import { useAction } from '../../components/form.tsx'
import { Name } from '../../components/name.tsx'
import { ProblemBox } from '../../components/states.tsx'
import { formats, senderWords } from '../../i18n/language.ts'

/** Sends a test message and says what the other side answered. */
export function TestSection({ id, onTested }: { id: number; onTested: () => void }) {
  const t = senderWords().channelForm
  const [result, setResult] = useState<ChannelTest>()
  const test = useAction(async () => {
    setResult(undefined)
    setResult(await ask<ChannelTest>(`${channelPath(id)}/test`, { method: 'POST' }))
    onTested()
  })
  return (
    <div class="panel">
      <p class="buttons">
        <button type="button" class="button" disabled={test.busy} onClick={() => void test.run()}>
          {test.busy ? t.testing : t.test}
        </button>
      </p>
      <div aria-live="polite">
        {test.error && <ProblemBox error={test.error} />}
        {result && (
          <p>
            <Badge tone={result.ok ? 'good' : 'bad'}>{result.ok ? t.testOk(formats().integer(result.ms)) : t.testFailed}</Badge>{' '}
            {result.answer !== '' && (
              <span>
                {t.answer}: <Name value={result.answer} />
              </span>
            )}
          </p>
        )}
      </div>
    </div>
  )
}
