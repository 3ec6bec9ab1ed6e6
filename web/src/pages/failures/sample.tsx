import type { FailureDetail } from '@ruadar/contract'
import { linesInBlocks } from '../../components/foreign-text.ts'
import { Name } from '../../components/name.tsx'
import { words } from '../../i18n/language.ts'

/** The header of somebody else's message, field by field, as text. */
export function SampleHeaders({ headers }: { headers: FailureDetail['headers'] }) {
  const t = words().failures
  if (headers.length === 0) return <p class="muted">{t.noHeaders}</p>
  return (
    <div class="header-fields" tabIndex={0} role="region" aria-label={t.headers}>
      <dl>
        {headers.map((field, index) => (
          <div key={index}>
            <dt>
              <Name value={field.name} />
            </dt>
            <dd>
              <Name value={field.value} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

export function SampleBody({ text }: { text: string }) {
  return (
    <div class="foreign-text" tabIndex={0} role="region" aria-label={words().failures.body}>
      {linesInBlocks(text).map((block, index) => (
        <pre key={index}>{block}</pre>
      ))}
    </div>
  )
}
