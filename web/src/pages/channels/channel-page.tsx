import type { Channel } from '@ruadar/contract'
import { useRoute } from 'preact-iso'
import { channels, deliveries } from '../../api/channel-questions.ts'
import { usePages, useQuery } from '../../api/query.ts'
import { Name } from '../../components/name.tsx'
import { Page } from '../../components/page.tsx'
import { Answer } from '../../components/states.tsx'
import { language, senderWords, words } from '../../i18n/language.ts'
import { draftOf, emptyDraft } from './channel-draft.ts'
import { ChannelForm } from './channel-form.tsx'
import { ChannelStatus, ChannelTrouble } from './channels-page.tsx'
import { DeliveriesSection } from './deliveries-section.tsx'
import { TestSection } from './test-section.tsx'

const EVERY = 15_000

/** A new channel, or one with its health, its settings and what was sent through it. */
export function ChannelPage() {
  const id = useRoute().params['id'] ?? ''
  return id === 'new' ? <NewChannel /> : <KnownChannel id={id} />
}

function NewChannel() {
  const t = senderWords()
  return (
    <Page title={t.channelForm.newTitle} back={{ href: '/alerts/channels', title: t.channels.title }}>
      <ChannelForm start={emptyDraft(language.value)} channel={null} />
    </Page>
  )
}

function KnownChannel({ id }: { id: string }) {
  const t = senderWords().channels
  const query = useQuery(channels())
  const channel = query.data?.items.find((item) => String(item.id) === id)
  return (
    <Page
      title={channel?.name ?? t.title}
      {...(channel && { heading: <Name value={channel.name} /> })}
      back={{ href: '/alerts/channels', title: t.title }}
    >
      <Answer query={query} lines={10}>
        {() => (channel ? <ChannelSections channel={channel} onChanged={query.reload} /> : <p>{words().notFound.text}</p>)}
      </Answer>
    </Page>
  )
}

function ChannelSections({ channel, onChanged }: { channel: Channel; onChanged: () => void }) {
  const t = senderWords().channels
  const sent = usePages(deliveries(channel.id), { every: EVERY })
  const onTested = () => {
    onChanged()
    sent.reload()
  }
  return (
    <>
      <p class="buttons">
        <ChannelStatus channel={channel} />
        <span class="muted">
          {t.kinds[channel.kind]} · <Name value={channel.address} />
        </span>
      </p>
      <ChannelTrouble channel={channel} />
      <TestSection id={channel.id} onTested={onTested} />
      <ChannelForm key={channel.id} start={draftOf(channel)} channel={channel} />
      <DeliveriesSection id={channel.id} list={sent} />
    </>
  )
}
