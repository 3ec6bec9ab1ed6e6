import { readAggregate } from './aggregate/read-aggregate.ts'
import { boundedHeader, type Envelope } from './envelope.ts'
import { type FoundFailure, readFailure } from './failure/read-failure.ts'
import { type Limits, withDefaults } from './limits.ts'
import { type ReadEvent, ReportError } from './report.ts'
import type { ByteSource } from './source.ts'
import { readTls } from './tls/read-tls.ts'
import type { FoundDocument } from './unpack/finding.ts'
import { unpack } from './unpack/unpack.ts'

export interface ReadOptions {
  limits?: Partial<Limits>
  /** UTC epoch seconds at which the input came: a report whose period ends more than a day later gets a warning. */
  receivedAt?: number
  /** Whether to keep the start of the body of messages that failure reports show. Not said: no. */
  sampleBodies?: boolean
  /** Told what the outermost mail says of itself, once its parts are told apart: never for what is no mail, or can't be taken apart. */
  onMail?: (mail: Pick<Envelope, 'subject' | 'from'>) => void
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
  // A failure report waits for what comes after it: only a mail that holds nothing else may be kept reduced to it.
  let waiting: FailureEvent | null = null
  let reports = 0
  for await (const finding of unpack(source, limits, ({ subject, from }) =>
    options.onMail?.({ subject: boundedHeader(subject), from: boundedHeader(from) }),
  )) {
    if (finding.type !== 'document' && finding.type !== 'failure') {
      yield withHint(finding)
      continue
    }
    reports++
    if (waiting) yield { ...waiting, reduced: null }
    waiting = null
    if (finding.type === 'document') yield* readDocument(finding, limits, options)
    else {
      const event = await readFoundFailure(finding, limits, options)
      if (event.type === 'failure') waiting = event
      else yield event
    }
  }
  if (waiting) yield reports === 1 ? waiting : { ...waiting, reduced: null }
}

type FailureEvent = Extract<ReadEvent, { type: 'failure' }>
type Refusal = Extract<ReadEvent, { type: 'ignored' | 'rejected' }>

async function readFoundFailure(finding: FoundFailure, limits: Limits, options: ReadOptions): Promise<FailureEvent | Refusal> {
  const { part } = finding
  try {
    const { report, reduced } = await readFailure(finding, { limits, sampleBodies: options.sampleBodies ?? false })
    return { type: 'failure', part, report, reduced }
  } catch (error) {
    if (!(error instanceof ReportError)) throw error
    return withHint({ type: 'rejected', part, reason: error.reason })
  }
}

/** Says how a limit is changed, for a report that is larger than anybody thought of. */
function withHint(refusal: Refusal): Refusal {
  const { limit, message } = refusal.reason
  if (limit === undefined) return refusal
  const hint = `RUADAR_LIMITS with ${limit.name}=… changes this limit, which is ${limit.value}.`
  return { ...refusal, reason: { ...refusal.reason, message: `${message} ${hint}` } }
}

async function* readDocument(document: FoundDocument, limits: Limits, options: ReadOptions): AsyncGenerator<ReadEvent> {
  try {
    if (document.format === 'json') {
      yield* readTls(document, limits, options.receivedAt ?? null)
      return
    }
    yield* readAggregate(document.source, document.part, {
      limits,
      receivedAt: options.receivedAt ?? null,
      senderDomain: document.senderDomain,
      charset: document.charset,
      packagingWarnings: document.warnings,
    })
  } catch (error) {
    if (!(error instanceof ReportError)) throw error
    yield withHint({ type: 'rejected', part: document.part, reason: error.reason })
  }
}
