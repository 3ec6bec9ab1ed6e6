import type { Query } from './query.ts'

type Answers<T extends Record<string, Query<unknown>>> = { [K in keyof T]: T[K] extends Query<infer D> ? D : never }

/** Several questions whose answers make one statement: shown once all are there, and dimmed while one of them is of an earlier question. */
export function together<T extends Record<string, Query<unknown>>>(queries: T): Query<Answers<T>> {
  const all = Object.values(queries)
  const answers = Object.fromEntries(Object.entries(queries).map(([name, { data }]) => [name, data]))
  return {
    data: all.every(({ data }) => data !== undefined) ? (answers as Answers<T>) : undefined,
    error: all.find(({ error }) => error)?.error,
    loading: all.some(({ loading }) => loading),
    isOld: all.some(({ isOld }) => isOld),
    reload: () => all.forEach((query) => query.reload()),
  }
}
