import { OperatorError } from '@ruadar/platform'
import { buildApp } from './app.ts'
import { listeningUrl } from './access/setup.ts'
import type { Parts } from './context.ts'

/** Answers under way may take this long at the end; then their connections are cut. */
const graceMs = 3000

/** Listens where the settings say. Throws an OperatorError when the port is taken or may not be used. */
export async function startApi(parts: Parts): Promise<{ url: string; close(): Promise<void> }> {
  const { settings } = parts
  const app = await buildApp(parts)
  try {
    await app.listen({ host: settings.host, port: settings.port })
  } catch (error) {
    await app.close()
    throw listenProblem(error, settings)
  }
  const address = app.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : settings.port
  return {
    url: listeningUrl(settings.host, port),
    async close() {
      const cut = setTimeout(() => app.server.closeAllConnections(), graceMs)
      try {
        await app.close()
      } finally {
        clearTimeout(cut)
      }
    },
  }
}

function listenProblem(error: unknown, { host, port }: { host: string; port: number }): unknown {
  const options = { cause: error }
  switch ((error as { code?: string }).code) {
    case 'EADDRINUSE':
      return new OperatorError(`Port ${port} on ${host} is in use.`, 'Stop what uses it, or set RUADAR_PORT to another.', options)
    case 'EACCES':
      return new OperatorError(`Port ${port} may not be used by this user.`, 'Set RUADAR_PORT to 1024 or higher.', options)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new OperatorError(`This machine has no address ${host}.`, 'Correct RUADAR_HOST.', options)
    default:
      return error
  }
}
