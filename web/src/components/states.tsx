import type { ComponentChildren } from 'preact'
import { lasting, waitingQuestions } from '../api/ask-again.ts'
import type { ApiError } from '../api/client.ts'
import type { Query } from '../api/query.ts'
import { words } from '../i18n/language.ts'
import { problemSentence } from './problem-sentence.ts'

/** Grey lines in the place of what is being loaded, as high as the real thing, so that nothing jumps. */
export function Skeleton({ lines = 3, tall = false }: { lines?: number; tall?: boolean }) {
  return (
    <div class={tall ? 'skeleton skeleton-tall' : 'skeleton'} aria-hidden="true">
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} class="skeleton-line" />
      ))}
    </div>
  )
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  )
}

interface ProblemProps {
  error: ApiError
  retry?: () => void
  children?: ComponentChildren
}

export function ProblemBox({ error, retry, children }: ProblemProps) {
  return (
    <div class="problem" role="alert">
      <p>
        <strong>{problemSentence(error)}</strong>
      </p>
      {error.fields.length > 0 && (
        <ul>
          {error.fields.map((field) => (
            <li key={field.path + field.message}>
              <code>{field.path}</code> {field.message}
            </li>
          ))}
        </ul>
      )}
      {children}
      {retry && (
        <button type="button" class="button" onClick={retry}>
          {words().states.retry}
        </button>
      )}
    </div>
  )
}

/** One notice for all questions of the page that wait for a fault to pass, in sight wherever the page is scrolled to. Every frame of pages has it. */
export function OutageNotice() {
  const waiting = waitingQuestions.value
  const [first] = waiting
  if (!first) return null
  return (
    <div class="outage">
      <ProblemBox error={first.error} retry={() => waiting.forEach(({ askNow }) => askNow())}>
        <p>{words().states.asksAgain}</p>
      </ProblemBox>
    </div>
  )
}

interface AnswerProps<T> {
  query: Query<T>
  /** How many grey lines stand in while the first answer is on its way. */
  lines?: number
  tall?: boolean
  children: (data: T) => ComponentChildren
}

/**
 * The three states of every question: loading, failed, answered. Data of an earlier question stay, dimmed, until the new ones are there. One that
 * waits for a fault to pass is still loading here; `OutageNotice` says what it waits for.
 */
export function Answer<T>({ query, lines = 4, tall = false, children }: AnswerProps<T>) {
  const { data, loading, isOld, reload } = query
  const error = lasting(query.error)
  return (
    <div class="answer" aria-busy={loading}>
      {error && <ProblemBox error={error} retry={reload} />}
      {data !== undefined ? (
        <div class={isOld ? 'answer-data stale' : 'answer-data'}>{children(data)}</div>
      ) : error ? null : (
        <Skeleton lines={lines} tall={tall} />
      )}
    </div>
  )
}
