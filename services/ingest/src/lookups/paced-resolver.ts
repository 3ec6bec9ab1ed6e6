import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Resolver } from './resolver.ts'

/** Questions under way at once. With a resolver that never answers this is what bounds what waits. */
const atOnce = 40

const stopped: Answer = { problem: 'was not asked, as the program ended' }

/**
 * The same resolver with a bound on its questions: so many a second on average, so many at once. Who asks more waits; once `stopping`
 * is aborted nothing more is asked.
 */
export function pace(resolver: Resolver, perSecond: number, stopping?: AbortSignal): Resolver {
  const gapMs = 1000 / perSecond
  if (stopping) setMaxListeners(atOnce, stopping) // each question that waits for its turn listens
  let underWay = 0
  let nextAt = 0
  const waiting: (() => void)[] = []

  async function paced(question: () => Promise<Answer>): Promise<Answer> {
    if (underWay >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    else underWay += 1
    try {
      const now = performance.now()
      nextAt = Math.max(nextAt, now) + gapMs
      const wait = nextAt - gapMs - now
      if (wait > 0) await sleep(wait, undefined, { signal: stopping })
      return stopping?.aborted ? stopped : await question()
    } catch {
      return stopped // the sleep was ended; questions do not reject
    } finally {
      // Whoever waits longest takes over the place.
      const next = waiting.shift()
      if (next) next()
      else underWay -= 1
    }
  }
  return {
    ptr: (name) => paced(() => resolver.ptr(name)),
    addresses: (name, version) => paced(() => resolver.addresses(name, version)),
    txt: (name) => paced(() => resolver.txt(name)),
    cname: (name) => paced(() => resolver.cname(name)),
  }
}
