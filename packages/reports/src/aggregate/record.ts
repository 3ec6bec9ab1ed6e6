import { recompute } from '@ruadar/dmarc'
import type { Limits } from '../limits.ts'
import { type CoreNames, childrenOf, type Node, type Nodes, nameOf, textOf } from '../xml/element.ts'
import type { AggregateRecord, Disposition, DkimAuth, PublishedPolicy, SpfAuth, Verdict } from './types.ts'
import type { ValueReader } from './values.ts'
import type { WarningLog } from './warning-log.ts'
import { dispositions, dkimResults, spfResults, verdicts } from './words.ts'

/** What the reading of a record depends on besides the record. */
export interface RecordContext {
  names: CoreNames
  policy: PublishedPolicy
  values: ValueReader
  log: WarningLog
  limits: Limits
}

/**
 * Maps the children of one `record` by path and in any order (report-formats.md 1.2).
 * Null without a `row`: then nothing says how many messages it speaks of.
 */
export function readRecord(children: Nodes, context: RecordContext): AggregateRecord | null {
  const { names, values, log } = context
  const record: AggregateRecord = {
    sourceIp: null,
    sourceText: null,
    count: 0,
    disposition: 'unknown',
    dkim: 'unknown',
    spf: 'unknown',
    headerFrom: null,
    envelopeFrom: null,
    nullSender: false,
    envelopeTo: null,
    reasons: [],
    auth: { dkim: [], spf: [] },
    recomputed: { dkim: 'unknown', spf: 'unknown', dmarc: 'unknown' },
  }
  let hasRow = false
  for (const node of children) {
    const name = names.coreName(nameOf(node))
    if (name === 'row' && !hasRow) {
      readRow(node, record, context)
      hasRow = true
    } else if (name === 'identifiers' || name === 'identities') {
      // junc.org called it "identities" (row 32).
      readIdentifiers(node, record, names, values)
    } else if (name === 'auth_results') readAuthResults(node, record, context)
  }
  if (!hasRow) return null
  if (record.headerFrom === null) log.add('missing', 'identifiers/header_from')
  record.recomputed = recompute({ ...record, envelopeFrom: record.nullSender ? '' : record.envelopeFrom }, context.policy)
  return record
}

function readRow(row: Node, record: AggregateRecord, context: RecordContext): void {
  const { names, values, log } = context
  let count: string | null = null
  let source = ''
  const said: Evaluation = { disposition: null, dkim: null, spf: null }
  for (const node of childrenOf(row)) {
    const name = names.coreName(nameOf(node))
    if (name === 'source_ip') source ||= textOf(node)
    else if (name === 'count') count ??= textOf(node)
    else if (name === 'policy_evaluated') readEvaluation(node, said, record, context)
  }
  record.disposition = said.disposition ?? 'unknown'
  record.dkim = said.dkim ?? 'unknown'
  record.spf = said.spf ?? 'unknown'
  record.sourceIp = source === '' ? null : values.address(source)
  if (record.sourceIp === null) {
    log.add(source === '' ? 'missing' : 'invalid_address', 'row/source_ip', source || null)
    record.sourceText = values.text(source, 'row/source_ip')
  }
  const messages = values.integer(count ?? '')
  if (messages === null || messages < 0) log.add('invalid_count', 'row/count', count)
  else record.count = messages
  // Missing is unknown, never a pass (row 37). Null reports (row 47) have nothing to say here.
  if (record.count === 0) return
  for (const name of ['disposition', 'dkim', 'spf'] as const) if (said[name] === null) log.add('missing', `row/policy_evaluated/${name}`)
}

/** What a `policy_evaluated` says, null where it says nothing. */
interface Evaluation {
  disposition: Disposition | null
  dkim: Verdict | null
  spf: Verdict | null
}

function readEvaluation(evaluated: Node, said: Evaluation, record: AggregateRecord, context: RecordContext): void {
  const { names, values } = context
  for (const node of childrenOf(evaluated)) {
    const name = names.coreName(nameOf(node))
    if (name === 'disposition') said.disposition = values.word(textOf(node), dispositions, 'row/policy_evaluated/disposition')
    else if (name === 'dkim') said.dkim = values.word(textOf(node), verdicts, 'row/policy_evaluated/dkim')
    else if (name === 'spf') said.spf = values.word(textOf(node), verdicts, 'row/policy_evaluated/spf')
    else if (name === 'reason') readReason(node, record, context)
  }
}

function readReason(reason: Node, record: AggregateRecord, { names, values, log, limits }: RecordContext): void {
  // rspamd wrote the type as the text of the element itself (row 44).
  let type = values.text(textOf(reason).toLowerCase(), 'row/policy_evaluated/reason')
  let comment: string | null = null
  for (const node of childrenOf(reason)) {
    const name = names.coreName(nameOf(node))
    if (name === 'type') type ??= values.text(textOf(node).toLowerCase(), 'row/policy_evaluated/reason/type')
    else if (name === 'comment') comment ??= values.text(textOf(node), 'row/policy_evaluated/reason/comment')
  }
  if (type === null && comment === null) return
  if (hasRoom(record.reasons, 'row/policy_evaluated/reason', log, limits)) record.reasons.push({ type, comment })
}

function readIdentifiers(identifiers: Node, record: AggregateRecord, names: CoreNames, values: ValueReader): void {
  for (const node of childrenOf(identifiers)) {
    const name = names.coreName(nameOf(node))
    if (name === 'header_from' && record.headerFrom === null) {
      record.headerFrom = values.domain(textOf(node), 'identifiers/header_from')
      const text = values.unicodeDomain(textOf(node), 'identifiers/header_from')
      if (text !== null) record.headerFromText = text
    } else if (name === 'envelope_to') record.envelopeTo ??= values.domain(textOf(node), 'identifiers/envelope_to')
    else if (name === 'envelope_from') {
      const text = textOf(node)
      // An empty element is the null reverse-'identifiers' of a bounce, an absent one says nothing (1.2).
      if (text === '' || text === '<>') record.nullSender = record.envelopeFrom === null
      else record.envelopeFrom ??= values.domain(text, 'identifiers/envelope_from')
    }
  }
}

function readAuthResults(results: Node, record: AggregateRecord, { names, values, log, limits }: RecordContext): void {
  for (const node of childrenOf(results)) {
    const name = names.coreName(nameOf(node))
    if (name === 'dkim' && hasRoom(record.auth.dkim, 'auth_results/dkim', log, limits)) {
      addSignature(record.auth.dkim, readSignature(node, names, values))
    } else if (name === 'spf' && hasRoom(record.auth.spf, 'auth_results/spf', log, limits)) {
      record.auth.spf.push(readSpfCheck(node, names, values))
    }
  }
}

function hasRoom(list: readonly unknown[], path: string, log: WarningLog, limits: Limits): boolean {
  if (list.length < limits.listItems) return true
  log.add('list_cut', path)
  return false
}

function readSignature(signature: Node, names: CoreNames, values: ValueReader): DkimAuth {
  const read: DkimAuth = { domain: '', selector: null, result: 'none', humanResult: null }
  for (const node of childrenOf(signature)) {
    const name = names.coreName(nameOf(node))
    if (name === 'domain') read.domain ||= values.domain(textOf(node), 'auth_results/dkim/domain') ?? ''
    else if (name === 'selector') read.selector ??= values.text(textOf(node), 'auth_results/dkim/selector')
    else if (name === 'result') read.result = values.word(textOf(node), dkimResults, 'auth_results/dkim/result') ?? 'none'
    else if (name === 'human_result') read.humanResult ??= values.text(textOf(node), 'auth_results/dkim/human_result')
  }
  return read
}

/** rspamd lists one signature twice, as temperror and as permerror (row 41): one stays, a pass before any other result. */
function addSignature(list: DkimAuth[], signature: DkimAuth): void {
  const twin = signature.domain === '' ? -1 : list.findIndex((it) => it.domain === signature.domain && it.selector === signature.selector)
  if (twin < 0) list.push(signature)
  else if (signature.result === 'pass') list[twin] = signature
}

function readSpfCheck(check: Node, names: CoreNames, values: ValueReader): SpfAuth {
  const read: SpfAuth = { domain: '', scope: null, result: 'none', humanResult: null }
  for (const node of childrenOf(check)) {
    const name = names.coreName(nameOf(node))
    if (name === 'domain') read.domain ||= values.domain(textOf(node), 'auth_results/spf/domain') ?? ''
    else if (name === 'scope') read.scope ??= values.text(textOf(node).toLowerCase(), 'auth_results/spf/scope')
    else if (name === 'result') read.result = values.word(textOf(node), spfResults, 'auth_results/spf/result') ?? 'none'
    else if (name === 'human_result') read.humanResult ??= values.text(textOf(node), 'auth_results/spf/human_result')
  }
  return read
}
