import type { SenderItem } from '@ruadar/contract'
import { Badge } from '../../components/badges.tsx'
import { senderWords } from '../../i18n/language.ts'
import { diagnosisTitle } from './diagnosis-words.ts'

/** Why a sender fails, in a few words, and whether that is still to be repaired. */
export function Cause({ item: { diagnosis, task, dmarcFail } }: { item: SenderItem }) {
  const t = senderWords().senders
  if (diagnosis !== null)
    return (
      <span class="cause">
        {diagnosisTitle(diagnosis)}
        {task && <Badge tone={task === 'open' ? 'warn' : 'good'}>{task === 'open' ? t.taskOpen : t.taskClosed}</Badge>}
      </span>
    )
  if (task === 'closed') return <Badge tone="good">{t.taskClosed}</Badge>
  return <span class="muted">{dmarcFail === 0 ? t.inOrder : '–'}</span>
}
