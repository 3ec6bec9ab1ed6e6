import type { SenderDetail } from '@ruadar/contract'
import { useMemo } from 'preact/hooks'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { Name } from '../../components/name.tsx'
import { Section } from '../../components/page.tsx'
import { formats, language, senderWords } from '../../i18n/language.ts'

type Signer = SenderDetail['signers'][number]
type BounceDomain = SenderDetail['bounceDomains'][number]

function resultColumns<T extends { pass: number; fail: number; aligned: number }>(): Column<T>[] {
  const t = senderWords().senderPage
  const f = formats()
  return [
    { key: 'pass', title: t.pass, kind: 'number', cell: (item) => f.integer(item.pass) },
    { key: 'fail', title: t.fail, kind: 'number', cell: (item) => f.integer(item.fail) },
    { key: 'aligned', title: t.aligned, kind: 'number', cell: (item) => f.integer(item.aligned) },
  ]
}

export function SignersSection({ signers }: { signers: readonly Signer[] }) {
  const t = senderWords().senderPage
  const columns = useMemo<Column<Signer>[]>(
    () => [
      { key: 'domain', title: t.signer, kind: 'main', cell: (item) => <Name value={item.domain} /> },
      { key: 'selector', title: t.selector, cell: (item) => <Name value={item.selector} /> },
      ...resultColumns<Signer>(),
    ],
    [language.value],
  )
  return (
    <Section title={t.signers}>
      {signers.length === 0 ? (
        <p class="muted">{t.noSigners}</p>
      ) : (
        <DataTable caption={t.signers} columns={columns} pages={[signers]} keyOf={(item) => `${item.domain} ${item.selector}`} />
      )}
    </Section>
  )
}

export function BounceDomainsSection({ bounceDomains }: { bounceDomains: readonly BounceDomain[] }) {
  const t = senderWords().senderPage
  const columns = useMemo<Column<BounceDomain>[]>(
    () => [
      { key: 'domain', title: t.bounceDomain, kind: 'main', cell: (item) => <Name value={item.domain} /> },
      ...resultColumns<BounceDomain>(),
    ],
    [language.value],
  )
  return (
    <Section title={t.bounceDomains}>
      {bounceDomains.length === 0 ? (
        <p class="muted">{t.noBounceDomains}</p>
      ) : (
        <DataTable caption={t.bounceDomains} columns={columns} pages={[bounceDomains]} keyOf={(item) => item.domain} />
      )}
    </Section>
  )
}
