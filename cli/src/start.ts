import { startApi, setupLink } from '@ruadar/api'
import { ingestConnections, startIngest } from '@ruadar/ingest'
import { runService, type Service } from '@ruadar/platform'
import { Command } from 'commander'
import { openHouse } from './house.ts'

/** Connections for pages, beside those of ingest. */
const apiConnections = 10

export function startCommand(): Command {
  return new Command('start')
    .description('run everything: database (unless DATABASE_URL is set), ingest, API and page')
    .action(() => runService('ruadar', start))
}

async function start(service: Service): Promise<undefined> {
  const { log, onClose } = service
  const { settings, database, queue, embedded } = await openHouse(service, {
    name: 'start',
    connections: ingestConnections(service.settings) + apiConnections,
  })
  const context = { settings, database, queue, log }
  const api = await startApi(context)
  onClose(() => api.close())
  const ingest = await startIngest(context)
  onClose(() => ingest.close())
  const address = settings.publicUrl ?? api.url
  const link = await setupLink(database.db, settings, api.url)
  const lines = [
    `Ruadar runs at ${address}`,
    ...(link ? [`First run: create the administrator at ${link}`] : []),
    `Database: ${embedded ? `embedded, in ${settings.dataDir}` : 'DATABASE_URL'}; queue: ${queue.backend}`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  return undefined
}
