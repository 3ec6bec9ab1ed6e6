import type { Filter, SenderSource } from '@ruadar/contract'
import { useMemo } from 'preact/hooks'
import { senderSources } from '../../api/sender-questions.ts'
import { usePages } from '../../api/query.ts'
import { type Column, PagedTable } from '../../components/data-table.tsx'
import { Name } from '../../components/name.tsx'
import { Section } from '../../components/page.tsx'
import { ShareBar } from '../../components/share-bar.tsx'
import { SourceName } from '../../components/source-name.tsx'
import { formats, language, senderWords, words } from '../../i18n/language.ts'
import { type UsedFilter, useFilter } from '../../state/use-filter.ts'

/** The sender's addresses with what look-ups say of them. */
export function AddressesSection({ id, filter }: { id: number; filter: Filter }) {
  const t = senderWords().senderPage
  const { href } = useFilter()
  const list = usePages(senderSources(id, filter))
  const columns = useMemo(() => addressColumns(href), [language.value, href])
  return (
    <Section title={t.addresses}>
      <PagedTable
        wide
        caption={t.addresses}
        columns={columns}
        list={list}
        keyOf={(item) => item.source}
        empty={<p class="muted">{t.noAddresses}</p>}
      />
    </Section>
  )
}

function addressColumns(href: UsedFilter['href']): Column<SenderSource>[] {
  const t = senderWords().senderPage
  const o = words().overview
  const f = formats()
  return [
    {
      key: 'source',
      title: t.address,
      kind: 'main',
      cell: (item) => (
        <a href={href(`/sources/${encodeURIComponent(item.source)}`, { source: undefined })}>
          <SourceName value={item.source} />
        </a>
      ),
    },
    { key: 'host', title: t.hostName, cell: (item) => <HostName host={item.host} /> },
    { key: 'network', title: t.network, cell: (item) => <NetworkName host={item.host} /> },
    { key: 'messages', title: o.messages, kind: 'number', cell: (item) => f.integer(item.messages) },
    { key: 'share', title: o.passShare, cell: (item) => <ShareBar pass={item.dmarcPass} messages={item.messages} /> },
    { key: 'seen', title: words().sources.lastSeen, cell: (item) => <span class="nowrap">{f.day(item.lastDay)}</span> },
  ]
}

function HostName({ host }: Pick<SenderSource, 'host'>) {
  const t = senderWords().senderPage
  if (host === null || (host.lookedUpAt === null && host.ptr === null)) return <span class="muted">{t.notLookedUp}</span>
  if (host.ptr === null) return <span class="muted">{t.noHostName}</span>
  return (
    <>
      <Name value={host.ptr} />
      {!host.confirmed && <span class="cell-note">{t.unconfirmed}</span>}
    </>
  )
}

function NetworkName({ host }: Pick<SenderSource, 'host'>) {
  if (host === null || (host.network === null && host.asn === null && host.country === null)) return <Name value={null} />
  const number = host.asn === null ? null : `AS${host.asn}`
  return (
    <>
      <Name value={host.network ?? number} />
      <span class="cell-note">
        {[host.network === null ? null : number, host.country && countryName(host.country)].filter(Boolean).join(' · ')}
      </span>
    </>
  )
}

/** The country's name in the language of the page; codes that are none stay as they are. */
function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code
  return new Intl.DisplayNames(language.value, { type: 'region' }).of(code) ?? code
}
