import type { DomainItem } from '@ruadar/contract'
import { useMemo } from 'preact/hooks'
import { domains } from '../../api/questions.ts'
import { usePages } from '../../api/query.ts'
import { type Column, PagedTable } from '../../components/data-table.tsx'
import { Name } from '../../components/name.tsx'
import { ShareBar } from '../../components/share-bar.tsx'
import { formats, language, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'

/** @param every asks again after so many milliseconds */
export function DomainsTable({ every }: { every: number }) {
  const { asked, href } = useFilter()
  const list = usePages(domains(asked), { every })
  const t = words().overview
  const f = formats()
  const columns = useMemo<Column<DomainItem>[]>(
    () => [
      {
        key: 'domain',
        title: t.policyDomain,
        kind: 'main',
        cell: (item) => (
          <a href={href('/', { domain: item.domain })}>
            <Name value={item.domain} />
          </a>
        ),
      },
      { key: 'policy', title: t.policy, cell: (item) => (item.policy?.p ? <code>p={item.policy.p}</code> : <Name value={null} />) },
      { key: 'messages', title: t.messages, kind: 'number', cell: (item) => f.integer(item.messages) },
      { key: 'share', title: t.passShare, cell: (item) => <ShareBar pass={item.dmarcPass} messages={item.messages} /> },
    ],
    [language.value, href],
  )
  return <PagedTable caption={t.domains} columns={columns} list={list} keyOf={(item) => item.domain} empty={null} />
}
