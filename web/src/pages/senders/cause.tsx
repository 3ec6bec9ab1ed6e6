import type { SenderItem } from '@ruadar/contract'
import { Badge } from '../../components/badges.tsx'
import { senderWords } from '../../i18n/language.ts'
import { diagnosisTitle } from './diagnosis-words.ts'

/** Why a sender fails, in a few words, and whether that is still to be repaired. */
export function Cause({ diagnosis, task }: Pick<SenderItem, 'diagnosis' | 'task'>) {
  const t = senderWords().senders
  if (diagnosis === null) return task === 'closed' ? <Badge tone="good">{t.taskClosed}</Badge> : <span class="muted">{t.inOrder}</span>
  return (
    <span class="cause">
      {diagnosisTitle(diagnosis)}
      {task && <Badge tone={task === 'open' ? 'warn' : 'good'}>{task === 'open' ? t.taskOpen : t.taskClosed}</Badge>}
    </span>
  )
}
