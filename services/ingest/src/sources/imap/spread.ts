import type { Shares } from './lease.ts'

/**
 * How mailboxes come to lie evenly on the processes that watch them, without one that decides: each looks at what all of them hold. With
 * n mailboxes and p processes everybody ends with n/p of them, rounded down or up.
 */
export function mayTake({ own, others }: Shares, mailboxes: number): boolean {
  const { least, most } = fairShares(others.length + 1, mailboxes)
  if (own < least) return true
  return own < most && others.every((held) => held >= least) // who has less takes first
}

/** Whether this process gives a mailbox away, for one that has less than its share. One gives at a time. */
export function mustGive({ own, others, isFirst }: Shares, mailboxes: number): boolean {
  const { least } = fairShares(others.length + 1, mailboxes)
  return own > least && isFirst && others.every((held) => held <= own) && others.some((held) => held < least)
}

function fairShares(processes: number, mailboxes: number): { least: number; most: number } {
  return { least: Math.floor(mailboxes / processes), most: Math.ceil(mailboxes / processes) }
}
