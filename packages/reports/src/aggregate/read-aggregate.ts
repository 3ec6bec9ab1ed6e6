import type { Limits } from '../limits.ts'
import { type ReadEvent, ReportError } from '../report.ts'
import type { ByteSource } from '../source.ts'
import { CoreNames, hasBareAmpersand, type Nodes, parseElement, textOf } from '../xml/element.ts'
import type { Piece } from '../xml/piece.ts'
import { Shapes } from '../xml/shape.ts'
import { readRecords, type RecordReader } from '../xml/split.ts'
import { type Survey, surveyXml } from '../xml/survey.ts'
import { dialectOf } from './dialects.ts'
import { type HeadContext, readMetadata, readPolicy } from './head.ts'
import { type RecordContext, readRecord } from './record.ts'
import { TotalsCounter } from './totals.ts'
import type { AggregateHead, AggregateRecord } from './types.ts'
import { ValueReader } from './values.ts'
import { WarningLog } from './warning-log.ts'

export interface AggregateOptions {
  limits: Limits
  receivedAt: number | null
  senderDomain: string | null
  /** Charset that came with the document, see `decodeXml`. */
  charset: string | null
  /** Warnings about what the document came in. */
  packagingWarnings: () => readonly string[]
}

/**
 * Reads one aggregate report from its XML in two passes with constant memory: the first proves that it is whole and finds the head,
 * the second reads the records. Throws a ReportError before the first event when it cannot be used.
 */
export async function* readAggregate(source: ByteSource, part: string, options: AggregateOptions): AsyncGenerator<ReadEvent> {
  const { limits } = options
  const shapes = new Shapes(limits)
  const survey = await surveyXml(source, limits, shapes, options.charset)
  const log = new WarningLog(limits)
  const values = new ValueReader(limits, log)
  const names = new CoreNames(survey.prefixes)
  noteDocument(survey, options, log)
  const report = readHead(survey, { names, values, log, receivedAt: options.receivedAt, senderDomain: options.senderDomain })
  // The report is announced with its first record: one whose records all say nothing is none, and must not pass for a quiet day.
  let announced = false
  function* hand(records: AggregateRecord[]): Generator<ReadEvent> {
    if (!announced) yield { type: 'report', part, report }
    announced = true
    if (records.length > 0) yield { type: 'records', records }
  }

  const totals = new TotalsCounter()
  const reader = new CountingReader({ names, policy: report.policy, values, log, limits }, totals)
  let batch: AggregateRecord[] = []
  for await (const records of readRecords(source, { prefixes: survey.prefixes, shapes, limits, charset: options.charset }, reader)) {
    for (const record of records) {
      if (record === null) continue
      if (batch.push(record) < limits.batchRecords) continue
      yield* hand(batch)
      batch = []
    }
  }
  if (survey.records > 0 && totals.totals().records === 0) {
    throw new ReportError({ code: 'no_records', message: 'None of the records of the report can be read.' })
  }
  yield* hand(batch)
  yield { type: 'end', totals: totals.totals(), warnings: log.list() }
}

function noteDocument(survey: Survey, options: AggregateOptions, log: WarningLog): void {
  for (const code of options.packagingWarnings()) log.add(code, '')
  for (const code of survey.oddities) log.add(code, '')
  if (survey.decoding.invalidUtf8) log.add('invalid_utf8', '')
  if (survey.decoding.unknownCharset !== null) log.add('unknown_charset', '', survey.decoding.unknownCharset)
  for (const name of survey.repeated) log.add('repeated', name)
  for (const name of survey.unknown) log.add('unknown_element', '', name)
}

function readHead(survey: Survey, context: HeadContext): AggregateHead {
  const metadata = readHeadPiece(survey.metadata, 'report_metadata', context.log)
  const policy = readHeadPiece(survey.policy, 'policy_published', context.log)
  const read = readMetadata(metadata, context)
  const published = readPolicy(policy, context)
  context.log.within('')
  const version = survey.version === null ? '' : textOf({ version: parseElement(survey.version.text) })
  return {
    kind: 'aggregate',
    ...read,
    policy: published,
    namespace: context.values.text(survey.root.namespace ?? '', 'namespace'),
    version: context.values.text(version, 'version'),
    dialect: dialectOf(survey, read.generator, published),
    xmlHash: survey.hash,
    xmlBytes: survey.bytes,
  }
}

function readHeadPiece(piece: Piece | null, name: string, log: WarningLog): Nodes {
  if (piece === null) return []
  if (piece.damage === 'broken' || piece.damage === 'too_long') {
    throw new ReportError({ code: 'not_well_formed', message: 'The head of the report is broken.', where: name })
  }
  if (piece.damage === 'repaired') log.add('repaired', name)
  if (hasBareAmpersand(piece.text)) log.add('unescaped_ampersand', name)
  return parseElement(piece.text)
}

/** Reads records and adds them to the totals; null with a warning: one that is broken does not cost the report. */
class CountingReader implements RecordReader<AggregateRecord | null> {
  readonly #context: RecordContext
  readonly #totals: TotalsCounter
  #index = 0

  constructor(context: RecordContext, totals: TotalsCounter) {
    this.#context = context
    this.#totals = totals
  }

  fromNodes(nodes: Nodes): AggregateRecord | null {
    const { log } = this.#context
    log.withinRecord(this.#index++)
    const record = readRecord(nodes, this.#context)
    if (record === null) {
      log.add('empty_record', '')
      return null
    }
    if (!this.#totals.hasRoomFor(record)) {
      log.add('invalid_count', 'row/count', String(record.count))
      record.count = 0
    }
    this.#totals.add(record)
    return record
  }

  fromPiece({ text, damage }: Piece): AggregateRecord | null {
    const { log } = this.#context
    log.withinRecord(this.#index)
    if (damage === 'repaired') log.add('repaired', '')
    if (damage === 'broken') log.add('broken_record', '')
    if (damage === 'too_long') log.add('record_too_long', '')
    if (damage !== 'broken' && damage !== 'too_long') {
      if (hasBareAmpersand(text)) log.add('unescaped_ampersand', '')
      try {
        return this.fromNodes(parseElement(text))
      } catch (error) {
        if (!(error instanceof ReportError)) throw error
        log.add('broken_record', '')
      }
    }
    this.#index++
    return null
  }
}
