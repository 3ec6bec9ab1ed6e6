import type { Channel } from '@ruadar/contract'
import { channels } from '../../api/channel-questions.ts'
import { useQuery } from '../../api/query.ts'
import { Badge, type Tone } from '../../components/badges.tsx'
import { Name } from '../../components/name.tsx'
import { Page } from '../../components/page.tsx'
import { Answer, Empty } from '../../components/states.tsx'
import { formats, senderWords } from '../../i18n/language.ts'

const EVERY = 30_000
const TONES: { [S in Channel['status']]: Tone } = { new: 'quiet', working: 'good', failing: 'bad', disabled: 'quiet' }

/** Where alerts go, and whether they get there. */
export function ChannelsPage() {
  const t = senderWords().channels
  const query = useQuery(channels(), { every: EVERY })
  return (
    <Page
      title={t.title}
      actions={
        <a class="button button-main" href="/alerts/channels/new">
          {t.add}
        </a>
      }
    >
      <p class="hint">{t.hint}</p>
      <div class="panel">
        <Answer query={query} lines={4}>
          {(data) =>
            data.items.length === 0 ? (
              <Empty title={t.none}>
                <p>{t.noneHint}</p>
                <a class="button" href="/alerts/channels/new">
                  {t.add}
                </a>
              </Empty>
            ) : (
              <ul class="log">
                {data.items.map((channel) => (
                  <ChannelCard key={channel.id} channel={channel} />
                ))}
              </ul>
            )
          }
        </Answer>
      </div>
    </Page>
  )
}

function ChannelCard({ channel }: { channel: Channel }) {
  const t = senderWords().channels
  const f = formats()
  return (
    <li>
      <p class="buttons">
        <a href={`/alerts/channels/${channel.id}`}>
          <strong>
            <Name value={channel.name} />
          </strong>
        </a>
        <ChannelStatus channel={channel} />
        {channel.waiting > 0 && <Badge tone="warn">{t.waiting(channel.waiting)}</Badge>}
      </p>
      <p class="muted">
        {t.kinds[channel.kind]} · <Name value={channel.address} />
        {channel.kind === 'email' && ` · ${t.digests[channel.digest]}`}
        {channel.lastSuccessAt && ` · ${t.lastSuccess(f.ago(channel.lastSuccessAt))}`}
      </p>
      <ChannelTrouble channel={channel} />
    </li>
  )
}

export const ChannelStatus = ({ channel }: { channel: Channel }) => (
  <Badge tone={TONES[channel.status]}>{senderWords().channels.statuses[channel.status]}</Badge>
)

/** Since when a channel fails, and what the other side says. */
export function ChannelTrouble({ channel }: { channel: Channel }) {
  if (channel.status !== 'failing' || channel.lastFailure === null) return null
  const since = channel.failingSince ?? channel.lastFailureAt
  return (
    <p class="mailbox-problem">
      {since && `${senderWords().channels.failingSince(formats().time(since))}: `}
      <Name value={channel.lastFailure} />
    </p>
  )
}
