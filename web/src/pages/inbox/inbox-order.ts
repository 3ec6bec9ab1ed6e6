/** The row that takes the focus when some leave: the next that stays, else the last before them; null when none stays. */
export function successorOf(ids: readonly number[], leaving: ReadonlySet<number>): number | null {
  const lastLeaving = ids.findLastIndex((id) => leaving.has(id))
  const stays = (id: number) => !leaving.has(id)
  return ids.slice(lastLeaving + 1).find(stays) ?? ids.slice(0, Math.max(lastLeaving, 0)).findLast(stays) ?? null
}

/** The row `by` steps further, kept within the list. Without a row to start from it is the first. */
export function neighbourOf(ids: readonly number[], from: number | null, by: 1 | -1): number | null {
  const index = from === null ? -1 : ids.indexOf(from)
  if (index < 0) return ids[0] ?? null
  return ids[Math.min(Math.max(index + by, 0), ids.length - 1)] ?? null
}

/** All rows from one to another, in either direction. */
export function rangeBetween(ids: readonly number[], from: number, to: number): number[] {
  const [a, b] = [ids.indexOf(from), ids.indexOf(to)]
  if (a < 0 || b < 0) return [to]
  return ids.slice(Math.min(a, b), Math.max(a, b) + 1)
}
