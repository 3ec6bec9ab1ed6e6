import { openMetricsPage } from '@ruadar/platform'
import type { App, Context } from '../context.ts'
import { openHouseGauges } from '../house-gauges.ts'
import { addAuthentication } from '../plugins/authenticate.ts'
import { noSecurity, problems } from '../plugins/openapi.ts'
import { streamed } from './schemas.ts'

/** `/metrics` for Prometheus: for who signed in, or for anyone with RUADAR_METRICS=open. */
export async function addMetricsRoute(app: App, context: Context): Promise<void> {
  const house = openHouseGauges(context)
  app.addHook('onClose', () => house.close())
  const page = openMetricsPage(context.database, () => house.refresh())
  await addAuthentication(app, context)
  const isOpen = context.settings.metrics === 'open'
  app.get(
    '/metrics',
    {
      config: { access: isOpen ? 'anyone' : 'signed-in' },
      schema: {
        tags: ['health'],
        operationId: 'getMetrics',
        summary: 'Numbers for Prometheus',
        description: 'In its text format. docs/operation.md says what each number means.',
        ...(isOpen ? { security: noSecurity } : {}),
        response: { ...streamed('text/plain'), ...problems },
      },
    },
    async (_, reply) => {
      const text = await page.print()
      return reply.type(page.contentType).header('cache-control', 'no-store').send(Buffer.from(text))
    },
  )
}
