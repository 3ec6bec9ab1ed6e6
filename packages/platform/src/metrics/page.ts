import type { Database } from '../database.ts'
import { makeGauge, registry, watchProcess } from './registry.ts'

export interface MetricsPage {
  contentType: string
  /** In the text format of Prometheus. */
  print(): Promise<string>
}

const connections = makeGauge(
  'ruadar_pool_connections',
  'Connections to PostgreSQL of this process: open, of those idle, and requests that wait for one',
  ['state'],
)

/** What this process counts, with the state of its pool; `refresh` may set further gauges before each print. */
export function openMetricsPage({ pool }: Pick<Database, 'pool'>, refresh?: () => Promise<void>): MetricsPage {
  watchProcess()
  return {
    contentType: registry.contentType,
    async print() {
      connections.set({ state: 'open' }, pool.totalCount)
      connections.set({ state: 'idle' }, pool.idleCount)
      connections.set({ state: 'waiting' }, pool.waitingCount)
      await refresh?.()
      return registry.metrics()
    },
  }
}
