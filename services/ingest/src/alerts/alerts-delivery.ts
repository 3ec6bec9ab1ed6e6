import { type DeliveryOptions, startDeliveries } from './deliver.ts'
import { startDigests } from './digest-schedule.ts'

/** Takes alerts and digests to people. `close` interrupts what is under way; it is delivered after the next start. */
export async function startAlertsDelivery(options: DeliveryOptions): Promise<{ close(): Promise<void> }> {
  const deliveries = await startDeliveries(options)
  const digests = startDigests(options)
  return {
    async close() {
      await digests.close()
      await deliveries.close()
    },
  }
}
