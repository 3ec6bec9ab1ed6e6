import type { SenderDetail } from '@ruadar/contract'
import { useRoute } from 'preact-iso'
import { sender } from '../../api/sender-questions.ts'
import { useQuery } from '../../api/query.ts'
import { MessagesChart } from '../../charts/messages-chart.tsx'
import { FilterBar } from '../../components/filter-bar.tsx'
import { Name } from '../../components/name.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Answer, Empty } from '../../components/states.tsx'
import { senderWords, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'
import { CountsTable } from '../sources/counts-table.tsx'
import { IdentitiesTable } from '../sources/identities-table.tsx'
import { AddressesSection } from './addresses-section.tsx'
import { BounceDomainsSection, SignersSection } from './authentication-sections.tsx'
import { DecisionsSection } from './decisions-section.tsx'
import { DomainSections } from './domain-sections.tsx'
import { SenderAlerts } from './sender-alerts.tsx'
import { SenderStanding } from './sender-standing.tsx'

export function SenderPage() {
  const t = senderWords()
  const id = useRoute().params['id'] ?? ''
  const { asked, href } = useFilter()
  // The address of the page is the sender; another one in the filter would contradict it.
  const { sender: _sender, ...rest } = asked
  const query = useQuery(sender(id, rest))
  return (
    <Page
      title={query.data?.name ?? t.senders.sender}
      {...(query.data && { heading: <Name value={query.data.name} /> })}
      back={{ href: href('/senders'), title: t.senders.title }}
    >
      <FilterBar />
      <Answer query={query} lines={12}>
        {(data) => <SenderSections data={data} onDecided={query.reload} />}
      </Answer>
    </Page>
  )
}

function SenderSections({ data, onDecided }: { data: SenderDetail; onDecided: () => void }) {
  const t = words()
  const s = senderWords().senderPage
  const { asked, href } = useFilter()
  const { sender: _sender, ...rest } = asked
  const seen = data.messages > 0
  return (
    <>
      {seen ? <SenderStanding data={data} /> : <Empty title={s.nothing} />}
      <DomainSections sender={data} onDecided={onDecided} />
      {seen && (
        <>
          <Section title={t.overview.perDay}>
            <MessagesChart days={data.days} />
          </Section>
          <AddressesSection id={data.id} filter={rest} />
          <SignersSection signers={data.signers} />
          <Section title={t.sources.identities} hint={t.sources.identitiesHint}>
            <IdentitiesTable identities={data.identities} />
          </Section>
          <div class="columns">
            <BounceDomainsSection bounceDomains={data.bounceDomains} />
            <Section title={t.overview.reporters}>
              <CountsTable
                caption={t.overview.reporters}
                title={t.reporters.reporter}
                rows={data.reporters.map((item) => ({
                  ...item,
                  name: item.reporter,
                  href: href('/reports', { reporter: item.reporter, sender: data.id }),
                }))}
              />
            </Section>
          </div>
        </>
      )}
      <div class="columns">
        <DecisionsSection decisions={data.decisions} onUndone={onDecided} />
        <SenderAlerts id={data.id} />
      </div>
    </>
  )
}
