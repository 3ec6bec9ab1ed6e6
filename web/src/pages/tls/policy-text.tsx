import { Name } from '../../components/name.tsx'
import { words } from '../../i18n/language.ts'

/** A policy as a report shows it: its strings one a line, and the MX hosts that it names. */
export function PolicyText({ strings, mxHosts }: { strings: readonly string[]; mxHosts: readonly string[] }) {
  const t = words().tls
  if (strings.length === 0 && mxHosts.length === 0) return <p class="muted">{t.nothingShown}</p>
  return (
    <dl class="facts policy-text">
      {strings.length > 0 && (
        <div>
          <dt>{t.strings}</dt>
          <dd>
            <Lines values={strings} />
          </dd>
        </div>
      )}
      {mxHosts.length > 0 && (
        <div>
          <dt>{t.mxHosts}</dt>
          <dd>
            <Lines values={mxHosts} />
          </dd>
        </div>
      )}
    </dl>
  )
}

function Lines({ values }: { values: readonly string[] }) {
  return (
    <ul class="lines">
      {values.map((value, index) => (
        <li key={index} class="mono">
          <Name value={value} />
        </li>
      ))}
    </ul>
  )
}
