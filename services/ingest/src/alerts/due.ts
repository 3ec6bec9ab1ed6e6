import { sql } from '@ruadar/platform'

type Condition = ReturnType<typeof sql>

/** Longer than the longest attempt: who holds a delivery for longer has died. */
export const claimSeconds = 60
/** Nothing is put off for longer: neither by the longest wait between attempts (attempt.ts) nor by what a server asks for (channels/post.ts). */
const longestWaitSeconds = 86_400

/** That a delivery or channel need not wait any longer. A time that is further off than any wait: the clock was set back since. */
export const isPast = (time: Condition, longestSeconds = longestWaitSeconds): Condition =>
  sql`(${time} is null or ${time} <= now() or ${time} > now() + make_interval(secs => ${longestSeconds}))`

/** That no process has `delivery`, a row of deliveries, in hand. */
export const isFree = (delivery: string): Condition => isPast(sql.ref(`${delivery}.claimed_until`), claimSeconds)
