import { signal } from '@preact/signals'
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { signedOut } from '../state/session.ts'
import { useRepeat, useRetry } from './ask-again.ts'
import { type ApiError, ask, toApiError } from './client.ts'
import type { Paged, Question } from './questions.ts'

export interface Query<T> {
  data: T | undefined
  error: ApiError | undefined
  loading: boolean
  /** The data answer an earlier question: they stay until those of the new one are there. */
  isOld: boolean
  reload(): void
}

/** How many questions are open now; the layout shows and announces it. */
export const pending = signal(0)

/** Last answers by path, so that "back" shows a page at once; each is asked again all the same. */
const answers = new Map<string, unknown>()
const ANSWERS_KEPT = 60

function remember(path: string, answer: unknown): void {
  answers.delete(path)
  answers.set(path, answer)
  const oldest = answers.keys().next()
  if (answers.size > ANSWERS_KEPT && !oldest.done) answers.delete(oldest.value)
}

export function forgetAnswers(): void {
  answers.clear()
}

/** One question to the API, counted in `pending`; a 401 ends the session. `undefined`: aborted. */
async function answerOf<T>(path: string, signal: AbortSignal): Promise<{ data: T } | { error: ApiError } | undefined> {
  pending.value++
  try {
    return { data: await ask<T>(path, { signal }) }
  } catch (thrown) {
    if (signal.aborted) return undefined
    const error = toApiError(thrown)
    if (error.status === 401) signedOut()
    return { error }
  } finally {
    pending.value--
  }
}

/**
 * Asks while the component lives. A new question aborts the old one and keeps its answer on the page until the new one is there.
 * After a fault that passes it is asked again by itself.
 *
 * @param question null asks nothing
 * @param options.every asks again after so many milliseconds, while the page is in view
 */
export function useQuery<T>(question: Question<T> | null, options: { every?: number } = {}): Query<T> {
  const path = question?.path ?? null
  const [state, setState] = useState<{ path: string | null; data?: T | undefined; error?: ApiError }>({ path: null })
  const [round, setRound] = useState(0)
  const [loading, setLoading] = useState(path !== null)

  useEffect(() => {
    if (path === null) return
    const abort = new AbortController()
    setLoading(true)
    void answerOf<T>(path, abort.signal).then((answer) => {
      if (answer === undefined) return
      setLoading(false)
      if ('data' in answer) {
        remember(path, answer.data)
        setState({ path, data: answer.data })
      } else setState((old) => ({ path, data: old.path === path ? old.data : (answers.get(path) as T | undefined), error: answer.error }))
    })
    return () => abort.abort()
  }, [path, round])

  const reload = useCallback(() => setRound((value) => value + 1), [])
  const error = state.path === path ? state.error : undefined
  useRepeat(reload, path === null ? undefined : options.every)
  useRetry(reload, error)

  const cached = path !== null && state.path !== path ? (answers.get(path) as T | undefined) : undefined
  const isOld = cached === undefined && state.path !== path
  return { data: cached ?? state.data, error, loading, isOld, reload }
}

export interface Pages<T> {
  /** Each page as it came; rows are drawn page by page, so "show more" draws only what is new. */
  pages: readonly (readonly T[])[] | undefined
  hasMore: boolean
  /** The pages answer an earlier question. */
  isOld: boolean
  error: ApiError | undefined
  loading: boolean
  more(): void
  reload(): void
  /** Asks anew for the page that failed. */
  retry(): void
}

interface PagesState<T> {
  path: string | null
  pages?: readonly (readonly T[])[]
  next: string | null
  error?: ApiError
}

/** Asks a keyset-paged list: the first page at once, each further one by `more()`. */
export function usePages<T>(question: Question<Paged<T>>, options: { every?: number } = {}): Pages<T> {
  const { path } = question
  const [state, setState] = useState<PagesState<T>>(
    () => (answers.get(`pages:${path}`) as PagesState<T> | undefined) ?? { path: null, next: null },
  )
  const [loading, setLoading] = useState(true)
  const [round, setRound] = useState(0)
  const running = useRef<AbortController | undefined>(undefined)
  const asked = useRef<string | null>(null)

  const fetchPage = useCallback(
    async (after: string | null) => {
      running.current?.abort()
      const abort = new AbortController()
      running.current = abort
      asked.current = after
      setLoading(true)
      const cursor = after === null ? '' : `${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(after)}`
      const answer = await answerOf<Paged<T>>(path + cursor, abort.signal)
      if (answer === undefined) return
      setLoading(false)
      setState((old) => {
        const known: PagesState<T> = old.path === path ? old : { path, next: null }
        if ('error' in answer) return { ...known, error: answer.error }
        const before = after === null ? [] : (known.pages ?? [])
        const fresh: PagesState<T> = { path, pages: [...before, answer.data.items], next: answer.data.next }
        remember(`pages:${path}`, fresh)
        return fresh
      })
    },
    [path],
  )

  useEffect(() => {
    void fetchPage(null)
    return () => running.current?.abort()
  }, [fetchPage, round])

  const reload = useCallback(() => setRound((value) => value + 1), [])
  // Somebody who has opened further pages reads them: don't fold the list under their eyes.
  useRepeat(reload, (state.pages?.length ?? 0) > 1 ? undefined : options.every)
  const retry = useCallback(() => void fetchPage(asked.current), [fetchPage])
  const error = state.path === path ? state.error : undefined
  useRetry(retry, error)

  return {
    pages: state.pages,
    hasMore: state.next !== null,
    isOld: state.path !== path,
    error,
    loading,
    more: () => {
      if (state.next !== null) void fetchPage(state.next)
    },
    reload,
    retry,
  }
}
