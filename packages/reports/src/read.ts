import { readAggregate } from './aggregate/read-aggregate.ts'
import { type Limits, withDefaults } from './limits.ts'
import { type ReadEvent, ReportError } from './report.ts'
import type { ByteSource } from './source.ts'
import { readTls } from './tls/read-tls.ts'
import { type FoundDocument, unpack } from './unpack/unpack.ts'

export interface ReadOptions {
  limits?: Partial<Limits>
  /** UTC epoch seconds at which the input came: a report whose period ends more than a day later gets a warning. */
  receivedAt?: number
}

/**
 * Reads whatever reports an input holds: a mail, an archive or a document, told by the bytes alone. Memory does not grow with the size
 * of a report. All that is wrong with the input comes as events; what is thrown is a failure of the source itself.
 *
 * Each report yields `report` (after the whole document was found complete), then `records` in batches, then `end`.
 * An input without any yields one `ignored` (a mail that is none) or `rejected`.
 */
export async function* readInput(source: ByteSource, options: ReadOptions = {}): AsyncGenerator<ReadEvent> {
  const limits = withDefaults(options.limits)
  for await (const finding of unpack(source, limits)) {
    if (finding.type === 'document') yield* readDocument(finding, limits, options)
    else yield finding
  }
}

async function* readDocument(document: FoundDocument, limits: Limits, options: ReadOptions): AsyncGenerator<ReadEvent> {
  try {
    if (document.format === 'json') {
      yield* readTls(document, limits)
      return
    }
    yield* readAggregate(document.source, document.part, {
      limits,
      receivedAt: options.receivedAt ?? null,
      senderDomain: document.senderDomain,
      packagingWarnings: document.warnings,
    })
  } catch (error) {
    if (!(error instanceof ReportError)) throw error
    yield { type: 'rejected', part: document.part, reason: error.reason }
  }
}
