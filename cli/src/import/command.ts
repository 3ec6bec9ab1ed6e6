import { createIntake, type Intake, ingestConnections, type NewMail, openRawMails, startQueueWorker } from '@ruadar/ingest'
import { OperatorError, runService, type Service } from '@ruadar/platform'
import { Command } from 'commander'
import { openHouse } from '../house.ts'
import { startProgress } from './progress.ts'
import { countOutcomes, printOutcomes, waitUntilRead } from './result.ts'
import { type ImportPlan, planImport, readItems } from './walk.ts'

/** Mails go into the database in steps of so many, or so many bytes. */
const batchMails = 100
const batchBytes = 8 * 1024 * 1024

export function importCommand(): Command {
  return new Command('import')
    .description('take in report files, mails, folders, mbox files and Maildirs')
    .argument('<path...>', 'files and folders')
    .action((paths: string[]) => runService('import', (service) => run(service, paths)))
}

async function run(service: Service, paths: string[]): Promise<number> {
  const plan = await planImport(paths).catch((error: NodeJS.ErrnoException) => {
    throw new OperatorError(`${error.path ?? 'A path'} cannot be read (${error.code}).`, 'Check the path and its permissions.')
  })
  if (plan.files.length === 0)
    throw new OperatorError('There are no files in what was given.', 'Name report files, mails, mbox files or folders.')
  const house = await openHouse(service, { name: 'import', connections: ingestConnections(service.settings), asGuest: true })
  const context = { ...house, log: service.log, objects: openRawMails(house.settings) }
  const worker = await startQueueWorker(context)
  service.onClose(() => worker.close())
  const ids = await storeAll(createIntake(context), plan, house.settings.uploadMaxBytes)
  await waitUntilRead(house.database.db, ids)
  const outcomes = await countOutcomes(house.database.db, ids)
  printOutcomes(outcomes)
  return outcomes.quarantined.length > 0 ? 1 : 0
}

export interface ImportedMails {
  /** Stored by this import. */
  fresh: number[]
  /** Given again: these very bytes were stored before. */
  known: number
}

async function storeAll(intake: Intake, plan: ImportPlan, maxBytes: number): Promise<ImportedMails> {
  const progress = startProgress('Storing', 'MB', () => Math.ceil(plan.bytes / 1e6))
  const imported: ImportedMails = { fresh: [], known: 0 }
  let batch: NewMail[] = []
  let pending = 0
  let done = 0
  const flush = async () => {
    for (const { id, isNew } of await intake(batch)) {
      if (isNew) imported.fresh.push(id)
      else imported.known++
    }
    batch = []
    pending = 0
    progress.update(Math.floor(done / 1e6))
  }
  for (const file of plan.files) {
    for await (const { name, raw, size } of readItems(file, maxBytes)) {
      const tooLarge = { code: 'file_too_large', message: `The file has ${size} bytes, RUADAR_UPLOAD_MAX_BYTES allows ${maxBytes}.` }
      batch.push({
        raw,
        origin: 'import',
        filename: name,
        size,
        ...(raw ? {} : { rejected: tooLarge, identity: `${file.path} ${name} ${size}` }),
      })
      pending += raw?.byteLength ?? 0
      if (batch.length >= batchMails || pending >= batchBytes) await flush()
    }
    done += file.size
  }
  if (batch.length > 0) await flush()
  progress.stop()
  return imported
}
