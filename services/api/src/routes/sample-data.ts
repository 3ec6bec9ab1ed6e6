import { SampleResult } from '@ruadar/contract'
import { createIntake, sampleMails } from '@ruadar/ingest'
import { awaitReading } from '../await-reading.ts'
import type { App, Context } from '../context.ts'
import { problems } from '../plugins/openapi.ts'
import { hasOlderSamples } from '../queries/mails.ts'

/** Mails stored in one transaction. */
const batchSize = 50

export function addSampleDataRoutes(app: App, context: Context): void {
  const intake = createIntake(context)

  app.post(
    '/sample-data',
    {
      schema: {
        tags: ['ingest'],
        operationId: 'loadSampleData',
        summary: 'Load made-up reports, to look around',
        description: 'Reports about example domains, through the same intake as all others. Loading them again adds nothing.',
        response: { 200: SampleResult, ...problems },
      },
    },
    async () => {
      if (await hasOlderSamples(context.database.db)) return { mails: 0, waiting: 0 }
      const ids: number[] = []
      let mails = 0
      for await (const batch of batches(sampleMails())) {
        const stored = await intake(batch.map((raw) => ({ raw, origin: 'sample' })))
        ids.push(...stored.map((mail) => mail.id))
        mails += stored.filter((mail) => mail.isNew).length
      }
      const waiting = await awaitReading(context.database.db, ids, context.uploadWaitMs, context.stopping)
      return { mails, waiting }
    },
  )
}

async function* batches(mails: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array[]> {
  let batch: Uint8Array[] = []
  for await (const mail of mails) {
    batch.push(mail)
    if (batch.length === batchSize) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}
