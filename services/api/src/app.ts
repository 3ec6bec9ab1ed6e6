import { fileURLToPath } from 'node:url'
import fastifyRateLimit from '@fastify/rate-limit'
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { openRawMails } from '@ruadar/ingest'
import fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { guessGuard } from './access/attempts.ts'
import type { App, Context, Parts } from './context.ts'
import { addAuthentication } from './plugins/authenticate.ts'
import { addDashboard } from './plugins/dashboard.ts'
import { addErrors, pathOf } from './plugins/errors.ts'
import { addOpenApi } from './plugins/openapi.ts'
import { addReads } from './plugins/reads.ts'
import { addSameOriginCheck } from './plugins/same-origin.ts'
import { addSecurity } from './plugins/security.ts'
import { addTiming } from './plugins/timing.ts'
import { addAccessRoutes } from './routes/access.ts'
import { addAlertRuleRoutes } from './routes/alert-rules.ts'
import { addAlertRoutes } from './routes/alerts.ts'
import { addChannelRoutes } from './routes/channels.ts'
import { addDecisionRoutes } from './routes/decisions.ts'
import { addDeviationRoutes } from './routes/deviations.ts'
import { addFailureRoutes } from './routes/failures.ts'
import { addHealthRoutes } from './routes/health.ts'
import { addIngestRoutes } from './routes/ingest.ts'
import { addMailboxRoutes } from './routes/mailboxes.ts'
import { addMetricsRoute } from './routes/metrics.ts'
import { addNumberRoutes } from './routes/numbers.ts'
import { addPublishedDnsRoutes } from './routes/published-dns.ts'
import { addReportRoutes } from './routes/reports.ts'
import { addSampleDataRoutes } from './routes/sample-data.ts'
import { addSenderRuleRoutes } from './routes/sender-rules.ts'
import { addSenderRoutes } from './routes/senders.ts'
import { addSourceRoutes } from './routes/sources.ts'
import { addTlsRoutes } from './routes/tls.ts'
import { addTokenRoutes } from './routes/tokens.ts'
import { addUploadRoutes } from './routes/upload.ts'

export interface AppOptions extends Parts {
  now?: () => Date
  uploadWaitMs?: number
  dashboard?: string
  /** How long a read replica that was away is left alone. */
  replicaRetryMs?: number
}

/** The built dashboard of this checkout, from src and from dist alike. */
const builtDashboard = fileURLToPath(new URL('../../../web/dist', import.meta.url))

/** No question has a longer body; files come as multipart, which has its own limits. */
const bodyLimit = 64 * 1024

/** The whole HTTP service, not listening yet: `inject` asks it in tests. Closing it ends what still waits. */
export async function buildApp(options: AppOptions): Promise<App> {
  const { settings, log } = options
  const stopping = new AbortController()
  const context: Context & Pick<AppOptions, 'replicaRetryMs'> = {
    now: () => new Date(),
    uploadWaitMs: 60_000,
    dashboard: builtDashboard,
    reads: options.database.db,
    objects: openRawMails(settings),
    ...options,
    stopping: stopping.signal,
  }
  const loggerInstance: FastifyBaseLogger = log
  const app: App = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    // One proxy: of the addresses in X-Forwarded-For only the one that it added is no claim of the client.
    trustProxy: settings.trustProxy && ((_address: string, hop: number) => hop < 1),
    bodyLimit,
    routerOptions: { maxParamLength: 100 },
  })
    .withTypeProvider<TypeBoxTypeProvider>()
    .setValidatorCompiler(TypeBoxValidatorCompiler)
  app.addHook('preClose', async () => stopping.abort())
  app.addHook('onResponse', async (request, reply) => {
    request.log.debug(
      { method: request.method, path: pathOf(request), status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    )
  })
  app.removeContentTypeParser('text/plain') // JSON and multipart are what a form on a foreign page cannot send as such
  addErrors(app, options.database)
  addTiming(app)
  await addSecurity(app, context)
  await addOpenApi(app)
  await app.register(fastifyRateLimit, { global: false })
  addHealthRoutes(app, context)
  await app.register((scope) => addMetricsRoute(scope as App, context))
  await app.register((scope) => addApi(scope as App, context), { prefix: '/api/v1' })
  await addDashboard(app, context)
  return app
}

async function addApi(app: App, given: Context & { replicaRetryMs?: number | undefined }): Promise<void> {
  addSameOriginCheck(app, given)
  await addAuthentication(app, given)
  const context: Context = { ...given, reads: addReads(app, given) }
  addAccessRoutes(app, context, guessGuard(app))
  addTokenRoutes(app, context)
  addNumberRoutes(app, context)
  addSenderRoutes(app, context)
  addDecisionRoutes(app, context)
  addSenderRuleRoutes(app, context)
  addAlertRoutes(app, context)
  addAlertRuleRoutes(app, context)
  addChannelRoutes(app, context)
  addPublishedDnsRoutes(app, context)
  addSourceRoutes(app, context)
  addReportRoutes(app, context)
  addFailureRoutes(app, context)
  addTlsRoutes(app, context)
  addDeviationRoutes(app, context)
  addIngestRoutes(app, context)
  addMailboxRoutes(app, context)
  addSampleDataRoutes(app, context)
  await addUploadRoutes(app, context)
}
