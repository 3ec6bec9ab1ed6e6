import { ask } from '../api/client.ts'
import { words } from '../i18n/language.ts'
import { ConfirmButton, useAction } from './form.tsx'
import { ProblemBox } from './states.tsx'

interface ConflictNoticeProps {
  /** Below /api/v1: lets this report count instead of the other. */
  countPath: string
  /** The page of the report that counts, if there is one. */
  otherHref: string | null
  onCounted: () => void
}

/** A report with the same key as a counted one but other content: the operator decides which of the two counts. */
export function ConflictNotice({ countPath, otherHref, onCounted }: ConflictNoticeProps) {
  const t = words().reports
  const count = useAction(async () => {
    await ask(countPath, { method: 'POST' })
    onCounted()
  })
  return (
    <section class="notice" aria-label={t.states.conflict}>
      <p>
        <strong>{t.states.conflict}.</strong> {t.conflictText} {otherHref && <a href={otherHref}>{t.conflictOther}</a>}
      </p>
      {count.error && <ProblemBox error={count.error} />}
      <ConfirmButton label={t.countThis} question={t.countThisQuestion} onConfirm={() => void count.run()} busy={count.busy} />
    </section>
  )
}
