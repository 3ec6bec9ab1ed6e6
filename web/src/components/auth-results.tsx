import type { SourceIdentity, Verdict as VerdictValue } from '@ruadar/contract'
import { words } from '../i18n/language.ts'
import { Verdict } from './badges.tsx'
import { Name } from './name.tsx'

type Dkim = SourceIdentity['authDkim']
type Spf = SourceIdentity['authSpf']

/** The aligned verdict on top, and under it what was really signed, result by result. */
export function DkimResults({ verdict, results }: { verdict: VerdictValue; results: Dkim }) {
  const t = words().auth
  return (
    <div class="auth">
      <Verdict value={verdict} />
      <ul>
        {results.length === 0 && <li class="muted">{t.noSignature}</li>}
        {results.map((item, index) => (
          <li key={index}>
            <RawResult result={item.result} aligned={item.aligned} domain={item.domain} human={item.humanResult} />
            {item.selector && (
              <span class="muted">
                {' '}
                s=
                <Name value={item.selector} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

export function SpfResults({ verdict, results }: { verdict: VerdictValue; results: Spf }) {
  const t = words().auth
  return (
    <div class="auth">
      <Verdict value={verdict} />
      <ul>
        {results.length === 0 && <li class="muted">{t.noSpf}</li>}
        {results.map((item, index) => (
          <li key={index}>
            <RawResult result={item.result} aligned={item.aligned} domain={item.domain} human={item.humanResult} />
            {item.scope && item.scope !== 'mfrom' && (
              <span class="muted">
                {' '}
                <Name value={item.scope} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

interface RawResultProps {
  result: string
  aligned: boolean
  domain: string | null
  human: string | null
}

function RawResult({ result, aligned, domain, human }: RawResultProps) {
  const t = words().auth
  return (
    <>
      <span class="raw-result">
        <Name value={result} />
      </span>{' '}
      <Name value={domain} /> <span class={aligned ? 'alignment aligned' : 'alignment'}>{aligned ? t.aligned : t.notAligned}</span>
      {human && (
        <span class="human-result">
          <Name value={human} />
        </span>
      )}
    </>
  )
}
