import type { TlsDomain } from '@ruadar/contract'
import { Name } from '../../components/name.tsx'
import { Section } from '../../components/page.tsx'
import { ShareBar } from '../../components/share-bar.tsx'
import { formats, words } from '../../i18n/language.ts'
import { PolicyText } from './policy-text.tsx'
import { PolicyType } from './tls-words.tsx'

/** The policies of one domain as senders saw them, each from its newest report. */
export function PolicySection({ domain }: { domain: TlsDomain }) {
  const t = words().tls
  const f = formats()
  return (
    <Section title={t.policy} hint={t.policyHint}>
      {domain.policies.map(({ policyType, successful, failed, newest }) => (
        <div class="lines" key={policyType}>
          <h3>
            <PolicyType value={policyType} />
          </h3>
          <p>
            <ShareBar pass={successful} messages={successful + failed} />{' '}
            <span class="muted">{t.sessionsCounted(f.integer(successful), f.integer(failed))}</span>
          </p>
          {newest && (
            <>
              <p class="hint">{t.seenBy({ reporter: <Name value={newest.reporter} />, day: f.day(newest.day) })}</p>
              <PolicyText strings={newest.policyStrings} mxHosts={newest.mxHosts} />
            </>
          )}
        </div>
      ))}
    </Section>
  )
}
