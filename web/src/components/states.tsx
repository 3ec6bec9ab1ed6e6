import type { ComponentChildren } from 'preact'
import { isPassing } from '../api/ask-again.ts'
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

/** A question that failed: it can be asked again, and after a fault that passes the page does so by itself. */
export function QueryProblem({ error, retry }: { error: ApiError; retry: () => void }) {
  return (
    <ProblemBox error={error} retry={retry}>
      {isPassing(error) && <p>{words().states.asksAgain}</p>}
    </ProblemBox>
  )
}

interface AnswerProps<T> {
  query: Query<T>
  /** How many grey lines stand in while the first answer is on its way. */
  lines?: number
  tall?: boolean
  children: (data: T) => ComponentChildren
}

/** The three states of every question: loading, failed, answered. Data of an earlier question stay, dimmed, until the new ones are there. */
export function Answer<T>({ query, lines = 4, tall = false, children }: AnswerProps<T>) {
  const { data, error, loading, isOld, reload } = query
  return (
    <div class="answer" aria-busy={loading}>
      {error && <QueryProblem error={error} retry={reload} />}
      {data !== undefined ? (
        <div class={isOld ? 'answer-data stale' : 'answer-data'}>{children(data)}</div>
      ) : error ? null : (
        <Skeleton lines={lines} tall={tall} />
      )}
    </div>
  )
}
