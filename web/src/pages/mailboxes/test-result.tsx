import type { MailboxTest } from '@ruadar/contract'
import { Badge } from '../../components/badges.tsx'
import { Name } from '../../components/name.tsx'
import { words } from '../../i18n/language.ts'

/** What the test connection found, or what is wrong and what to do about it. */
export function TestResult({ result }: { result: MailboxTest }) {
  const t = words().mailbox
  const known: Record<string, string> = t.testCodes
  if (result.ok)
    return (
      <div class="test-result">
        <p>
          <Badge tone="good">{t.testOk}</Badge> {result.mails !== null && t.testMails(result.mails)}
        </p>
      </div>
    )
  const advice = result.code !== null && Object.hasOwn(known, result.code) ? known[result.code] : undefined
  return (
    <div class="test-result problem">
      <p>
        <Badge tone="bad">{t.testFailed}</Badge> <strong>{advice ?? <Name value={result.message} />}</strong>
      </p>
      {advice && (
        <p class="hint">
          <Name value={result.message} />
        </p>
      )}
    </div>
  )
}
