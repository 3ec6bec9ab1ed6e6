import { words } from '../i18n/language.ts'
import { MailStateBadge } from './badges.tsx'
import { OutcomeList } from './outcomes.tsx'
import { shownText } from './shown-text.ts'
import { ProblemBox } from './states.tsx'
import type { Upload } from './uploads.ts'

/** The newest files first; a folder of ten thousand is sent, but not listed in full. */
const SHOWN = 50

export function UploadList({ uploads }: { uploads: readonly Upload[] }) {
  const t = words().upload
  if (uploads.length === 0) return null
  const done = uploads.filter((upload) => upload.state === 'done' || upload.state === 'failed').length
  return (
    <div class="uploads">
      <p role="status">{t.progress(done, uploads.length)}</p>
      <ul>
        {uploads.slice(0, SHOWN).map((upload) => (
          <li key={upload.id}>
            <p class="upload-name">
              <bdi>{shownText(upload.name)}</bdi> {upload.state === 'done' && <MailStateBadge value={upload.result.state} />}
              {(upload.state === 'waiting' || upload.state === 'sending') && <span class="muted">{t.states[upload.state]}</span>}
            </p>
            {upload.state === 'done' && <OutcomeList outcomes={upload.result.outcomes} />}
            {upload.state === 'failed' && <ProblemBox error={upload.error} retry={upload.retry} />}
          </li>
        ))}
      </ul>
    </div>
  )
}
