import type { Mailbox } from '@ruadar/contract'
import { Badge, type Tone } from '../../components/badges.tsx'
import { Name } from '../../components/name.tsx'
import { formats, words } from '../../i18n/language.ts'

const TONES: { [S in Mailbox['status']]: Tone } = {
  new: 'quiet',
  connecting: 'quiet',
  backfilling: 'warn',
  watching: 'good',
  failing: 'bad',
  disabled: 'quiet',
}

/** One mailbox: whether it works, and how far each folder has been fetched. */
export function MailboxCard({ mailbox }: { mailbox: Mailbox }) {
  const t = words().mailbox
  const f = formats()
  return (
    <li class="mailbox">
      <div class="mailbox-head">
        <h3>
          <a href={`/mailboxes/${mailbox.id}`}>
            <Name value={mailbox.name} />
          </a>
        </h3>
        <Badge tone={TONES[mailbox.status]}>{t.statuses[mailbox.status]}</Badge>
        {mailbox.statusAt && <span class="muted">{f.ago(mailbox.statusAt)}</span>}
      </div>
      <p class="muted">
        <Name value={mailbox.user} /> ·{' '}
        <span class="mono">
          {mailbox.host}:{mailbox.port}
        </span>
        {mailbox.managedBy === 'settings' && <> · {t.bySettings}</>}
      </p>
      {mailbox.statusMessage && (
        <p class={mailbox.status === 'failing' ? 'mailbox-problem' : 'muted'}>
          <Name value={mailbox.statusMessage} />
        </p>
      )}
      <ul class="folders">
        {mailbox.folders.map((folder) => (
          <Folder key={folder.folder} folder={folder} />
        ))}
      </ul>
    </li>
  )
}

function Folder({ folder }: { folder: Mailbox['folders'][number] }) {
  const t = words().mailbox
  const f = formats()
  const { total, remaining } = folder
  const isUnderway = total !== null && remaining !== null && remaining > 0
  return (
    <li>
      <span class="mono">
        <Name value={folder.folder} />
      </span>
      {isUnderway ? (
        <>
          <progress max={total} value={total - remaining} aria-label={t.progress} />
          <span>{t.remaining(f.integer(total - remaining), f.integer(total), f.share(total - remaining, total))}</span>
        </>
      ) : (
        <span>{t.fetched(folder.fetched)}</span>
      )}
      {folder.lastMailAt && <span class="muted">{t.lastMail(f.ago(folder.lastMailAt))}</span>}
      {folder.syncedAt && !isUnderway && <span class="muted">{t.complete(f.ago(folder.syncedAt))}</span>}
    </li>
  )
}
