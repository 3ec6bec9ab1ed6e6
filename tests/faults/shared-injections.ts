import { setTimeout as sleep } from 'node:timers/promises'
import { measure } from './fault.ts'
import type { SharedHouse } from './shared-house.ts'

/** What can befall the servers that workers and API share. */
export interface Injection {
  name: string
  /** One line of a worker, or of the API, that says what happened. */
  told: RegExp
  /** The line that says that it is over, where the product can see that. */
  over?: RegExp
  inject(house: SharedHouse): Promise<void>
}

const awayMs = measure(1000, 3000)
const cuts = measure(15, 60)
const away = /^PostgreSQL at \S+ is away; what needs it is tried again until it works/
const over = /^PostgreSQL at \S+ works again/

async function restart({ postgres }: SharedHouse, how: 'fast' | 'immediate'): Promise<void> {
  await postgres.end(how)
  await sleep(awayMs)
  await postgres.start()
}

export const databaseInjections = {
  restarted: { name: 'PostgreSQL restarted', told: away, over, inject: (house) => restart(house, 'fast') },
  crashed: { name: 'PostgreSQL crashed and started', told: away, over, inject: (house) => restart(house, 'immediate') },
  cut: {
    name: 'every connection cut again and again',
    told: /^(PostgreSQL at \S+ is away; what needs it is tried again|The session that holds the mailboxes has ended)/,
    async inject({ postgres }) {
      for (let cut = 0; cut < cuts; cut++) {
        await postgres.cut('ruadar witness')
        await sleep(50)
      }
    },
  },
  readOnly: {
    name: 'read-only for a while after a fail-over',
    told: /^PostgreSQL at \S+ takes no changes; what needs it is tried again until it works/,
    over,
    async inject({ postgres }) {
      await postgres.setReadOnly(true)
      await postgres.cut()
      await sleep(awayMs * 2)
      await postgres.setReadOnly(false)
    },
  },
} satisfies Record<string, Injection>

const lost = /^queued mails that were waiting without a job/
const redisOver = /^Redis at \S+ works again/

export const queueInjections: readonly Injection[] = [
  {
    name: 'Redis started again, empty',
    told: /^Redis at \S+ is away; what needs it is tried again until it works/,
    over: redisOver,
    inject: ({ redis }) => redis.restart(),
  },
  {
    name: 'Redis emptied with jobs in it (FLUSHALL)',
    told: lost,
    async inject(house) {
      await house.uploads.settle(house.database) // or who uploads waits for an answer that only a worker can give
      for (const { child } of house.workers) child.kill('SIGSTOP') // so that there are jobs for sure
      house.upload(5)
      while ((await house.redis.countWaiting()) === 0) await sleep(10)
      await house.redis.flush()
      for (const { child } of house.workers) child.kill('SIGCONT')
    },
  },
  {
    name: 'Redis out of memory',
    told: /^Redis at \S+ takes nothing more; .*: Redis takes nothing more: it has reached its maxmemory/,
    over: redisOver,
    async inject({ redis }) {
      await redis.setMemory(1)
      await sleep(awayMs * 2)
      await redis.setMemory(0)
    },
  },
  {
    name: 'Redis hangs, and keeps its connections',
    told: /^Redis at \S+ is away; what needs it is tried again until it works: Redis does not answer/,
    over: redisOver,
    inject: ({ redis }) => redis.hang(measure(20_000, 45_000)),
  },
  {
    name: 'Redis away for a while',
    told: /^Redis at \S+ is away; what needs it is tried again until it works/,
    over: redisOver,
    inject: ({ redis }) => redis.restart(awayMs * 2),
  },
]
