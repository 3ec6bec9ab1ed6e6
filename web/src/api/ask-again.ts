import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { ApiError } from './client.ts'

const FIRST_MS = 2000
const LONGEST_MS = 30_000
/** Part of a pause that chance adds: pages that failed at the same moment do not all come back at the same moment. */
const SPREAD = 0.25

/** No server, one that is overloaded, or a database that is away: the same question may be answered soon. */
export const isPassing = ({ code, status }: ApiError): boolean => code === 'offline' || [502, 503, 504].includes(status)

/**
 * Milliseconds until a question is asked again that failed so often before: 2 s, 4 s, 8 s … 30 s, or as late as the server wants it, and up to a
 * quarter more, as `chance` (0 to 1) has it.
 */
export const pauseBefore = (failures: number, { retryAfter }: ApiError, chance = Math.random()): number =>
  Math.min(Math.max(FIRST_MS * 2 ** failures, retryAfter * 1000), LONGEST_MS) * (1 + SPREAD * chance)

/** A fault that does not pass by itself: the place of the answer says what it is. */
export const lasting = (error: ApiError | undefined): ApiError | undefined => (error && !isPassing(error) ? error : undefined)

/** A question that waits for a fault to pass. */
export interface WaitingQuestion {
  error: ApiError
  askNow: () => void
}

/** All of the page that wait: they mostly wait for the same, so the layout tells of them in one place. */
export const waitingQuestions = signal<readonly WaitingQuestion[]>([])

/** Asks again by itself after a fault that passes, until there is an answer. */
export function useRetry(action: () => void, error: ApiError | undefined): void {
  const failures = useRef(0)
  useEffect(() => {
    if (error === undefined || !isPassing(error)) {
      failures.current = 0
      return
    }
    const question = { error, askNow: action }
    waitingQuestions.value = [...waitingQuestions.value, question]
    const timer = setTimeout(action, pauseBefore(failures.current++, error))
    return () => {
      clearTimeout(timer)
      waitingQuestions.value = waitingQuestions.value.filter((other) => other !== question)
    }
  }, [action, error])
}

/** Asks again every so many milliseconds, while the page is in view; undefined: never. */
export function useRepeat(action: () => void, every: number | undefined): void {
  useEffect(() => {
    if (every === undefined) return
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') action()
    }, every)
    return () => clearInterval(timer)
  }, [action, every])
}
