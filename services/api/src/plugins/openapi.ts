import fastifySwagger from '@fastify/swagger'
import { Problem } from '@ruadar/contract'
import { Type, type TObject, type TProperties, type TSchema } from 'typebox'
import type { App } from '../context.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The multipart body of a route, for the description: the schema that validates sees none. */
    form?: TSchema
  }
}

const tags = [
  { name: 'numbers', description: 'Sums of messages over counted reports' },
  { name: 'senders', description: 'Who sends, what people decided about it, why it fails, and what is in the DNS' },
  { name: 'alerts', description: 'What fired, by which rules, and what is muted' },
  { name: 'reports', description: 'Aggregate reports, their records and their XML; deviations of all kinds' },
  { name: 'failures', description: 'Failure reports, each about one message; opening one is recorded' },
  { name: 'tls', description: 'SMTP TLS reports: sessions that could be encrypted as the policy asks' },
  { name: 'ingest', description: 'What came in and what became of it' },
  { name: 'mailboxes', description: 'Where reports are fetched from' },
  { name: 'channels', description: 'Where alerts and digests go' },
  { name: 'access', description: 'Signing in, API tokens, first-run setup' },
  { name: 'health', description: 'For load balancers and supervisors' },
]

/** The description of this API, made of the same schemas that validate and serialise. Before any route. */
export async function addOpenApi(app: App): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Ruadar',
        version: '1',
        description:
          'DMARC and SMTP TLS reports as numbers. Days are UTC days and periods are half open: `from` is inside, `to` is not. Errors are problem+json (RFC 9457) with a stable `code`.',
      },
      tags,
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'An API token, made on the page or by `ruadar token create`' },
          session: { type: 'apiKey', in: 'cookie', name: 'ruadar_session' },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    transform: ({ schema, url, route }) => ({ schema: { ...schema, ...(route.config?.form ? { body: route.config.form } : {}) }, url }),
  })
  app.get('/api/openapi.json', { config: { access: 'anyone' }, schema: { hide: true } }, () => app.swagger())
}

/** For the answers of every route: anything but success is a problem. */
export const problems = {
  default: { description: 'A problem', content: { 'application/problem+json': { schema: Problem } } },
} as const

/** For routes that anyone may ask. */
export const noSecurity = [] as const

/** A query string: what the parts allow and nothing else, so that a misspelt filter is an error and not a larger sum. */
export function query<Properties extends TProperties>(properties: Properties): TObject<Properties> {
  return Type.Object(properties, { additionalProperties: false })
}
