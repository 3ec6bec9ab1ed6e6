import type { TlsDomain } from '@ruadar/contract'
import { useMemo, useState } from 'preact/hooks'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { Name } from '../../components/name.tsx'
import { ShareBar } from '../../components/share-bar.tsx'
import { formats, language, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'
import { PolicyType } from './tls-words.tsx'

/** Strangers can send reports on domains by the thousand; those with failures come first. */
const SHOWN = 50

/** Policy domains with their sessions, most failed first. */
export function TlsDomainsTable({ domains }: { domains: readonly TlsDomain[] }) {
  const t = words().tls
  const f = formats()
  const { href } = useFilter()
  const [shown, setShown] = useState(SHOWN)
  const pages = useMemo(() => pagesOf(domains.slice(0, shown), SHOWN), [domains, shown])
  const columns = useMemo<Column<TlsDomain>[]>(
    () => [
      {
        key: 'domain',
        title: t.domain,
        kind: 'main',
        cell: (item) =>
          item.domain === null ? (
            <span class="muted">{t.noDomain}</span>
          ) : (
            <a href={href('/tls', { domain: item.domain })}>
              <Name value={item.domain} />
            </a>
          ),
      },
      { key: 'failed', title: t.failed, kind: 'number', cell: (item) => f.integer(item.failed) },
      { key: 'successful', title: t.successful, kind: 'number', cell: (item) => f.integer(item.successful) },
      { key: 'share', title: t.share, cell: (item) => <ShareBar pass={item.successful} messages={item.successful + item.failed} /> },
      { key: 'policies', title: t.policies, cell: (item) => <PolicyTypes domain={item} /> },
      { key: 'reporters', title: t.reporters, kind: 'number', cell: (item) => f.integer(item.reporters) },
      { key: 'last', title: t.lastDay, cell: (item) => <span class="nowrap">{f.day(item.lastDay)}</span> },
    ],
    [language.value, href],
  )
  return (
    <>
      <DataTable wide caption={t.domains} columns={columns} pages={pages} keyOf={(item) => item.domain ?? ''} />
      {domains.length > shown && (
        <p class="more">
          <span class="hint">{t.domainsShown(f.integer(shown), f.integer(domains.length))}</span>{' '}
          <button type="button" class="button" onClick={() => setShown(shown + SHOWN)}>
            {words().states.more}
          </button>
        </p>
      )}
    </>
  )
}

function PolicyTypes({ domain }: { domain: TlsDomain }) {
  return (
    <span class="counted-list">
      {domain.policies.map(({ policyType }) => (
        <span key={policyType}>
          <PolicyType value={policyType} />
        </span>
      ))}
    </span>
  )
}

function pagesOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, page) => items.slice(page * size, (page + 1) * size))
}
