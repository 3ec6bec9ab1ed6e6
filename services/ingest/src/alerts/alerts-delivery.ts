import { type DeliveryOptions, startDeliveries } from './deliver.ts'

/** Takes alerts and digests to people. `close` interrupts what is under way; it is delivered after the next start. */
export async function startAlertsDelivery(options: DeliveryOptions): Promise<{ close(): Promise<void> }> {
  const deliveries = await startDeliveries(options)
  return { close: () => deliveries.close() }
}
