import type { FailureDetail } from '@ruadar/contract'
import { Name } from '../../components/name.tsx'
import { Section } from '../../components/page.tsx'
import { formats, words } from '../../i18n/language.ts'

/** It is other people's mail: how long it stays, whose addresses are hidden, and who has looked at it. */
export function PrivacySection({ detail }: { detail: FailureDetail }) {
  const t = words().failures
  const f = formats()
  const { keptUntil, addressesShown, openings } = detail
  return (
    <Section title={t.privacy}>
      {keptUntil && <p>{Date.parse(keptUntil) > Date.now() ? t.keptUntil(f.time(keptUntil)) : t.keptNoLonger}</p>}
      {addressesShown ? (
        <p>{t.shown}</p>
      ) : (
        <p>
          {t.hidden} <a href="/settings#addresses">{t.showThem}</a>
        </p>
      )}
      <h3>{t.openings}</h3>
      {openings.count === 0 ? (
        <p class="muted">{t.openedByNobody}</p>
      ) : (
        <>
          <p class="muted">
            {t.opened(openings.count)} {openings.count > openings.latest.length && t.openingsShown(f.integer(openings.latest.length))}
          </p>
          <ul class="openings">
            {openings.latest.map((opening) => (
              <li key={opening.at}>
                <Name value={opening.by} />, <time dateTime={opening.at}>{f.time(opening.at)}</time>,{' '}
                {opening.addressesShown ? t.withAddresses : t.withoutAddresses}
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  )
}
