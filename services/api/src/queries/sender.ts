import type { SenderDetail, SenderDomain } from '@ruadar/contract'
import { gatherEvidence } from '@ruadar/ingest'
import { type Db, sql } from '@ruadar/platform'
import { type Diagnosis, type DomainPolicy, knownSenderOf, type Proposal, repair } from '@ruadar/senders'
import { diagnosisText, stepText } from '@ruadar/senders/words'
import { type CountRow, countColumns, type DispositionRow, dispositionColumns, toCounts, toDispositions } from './counts.ts'
import { listDecisions } from './decisions.ts'
import { factsOf } from './filter.ts'
import type { Question } from './question.ts'
import { latestPolicy } from './policy.ts'
import { gatherBounceDomains, gatherSigners } from './sender-identifiers.ts'
import { standingsWhere } from './senders.ts'
import { listIdentities, mostIdentities } from './source.ts'
import { sumDays } from './timeline.ts'

const mostDomains = 50
const mostReporters = 100
/** Ways of authenticating that identifiers are gathered from, the largest: forged mail can have any number. */
const mostWays = 2000
const mostDecisions = 50

interface SenderRow {
  id: number
  key: string
  name: string
  kind: string
}

type About = Question & { sender: number }

/** All about one sender in the period; null for an id that none has. Throws 400 `bad_period` beyond 800 days. */
export async function askSender(db: Db, question: About): Promise<SenderDetail | null> {
  const { rows } = await sql<SenderRow>`select id, key, name, kind from senders where id = ${question.sender}`.execute(db)
  const [sender] = rows
  if (!sender) return null
  const [sums, days, domains, ways, reporters, evidence, decisions] = await Promise.all([
    sumSender(db, question),
    sumDays(db, question),
    listDomains(db, question, sender),
    listIdentities(db, question, mostWays),
    listReporters(db, question),
    gatherEvidence(db, sender.id),
    listDecisions(db, { sender: sender.id, domain: question.domain }, { after: undefined, limit: mostDecisions }),
  ])
  return {
    ...sender,
    ...question.period,
    ...toCounts(sums),
    dispositions: toDispositions(sums),
    evidence,
    instructions: knownSenderOf(sender.key)?.instructions ?? null,
    domains,
    signers: gatherSigners(ways),
    bounceDomains: gatherBounceDomains(ways),
    reporters,
    days,
    identities: ways.slice(0, mostIdentities),
    decisions: decisions.items,
  }
}

async function sumSender(db: Db, question: About): Promise<CountRow & DispositionRow> {
  const facts = factsOf(question)
  const { rows } = await sql<CountRow & DispositionRow>`
    select ${countColumns}, ${dispositionColumns} from ${facts.table} f where ${facts.where}`.execute(db)
  return rows[0] as CountRow & DispositionRow
}

async function listReporters(db: Db, question: About): Promise<SenderDetail['reporters']> {
  const facts = factsOf(question, 'reporter')
  const { rows } = await sql<CountRow & { reporter: string }>`
    select n.name as reporter, ${countColumns}
    from ${facts.table} f join reporters n on n.id = f.reporter_id
    where ${facts.where}
    group by n.name order by total(f.messages) desc, n.name
    limit ${mostReporters}`.execute(db)
  return rows.map(({ reporter, ...counts }) => ({ reporter, ...toCounts(counts) }))
}

interface DomainRow extends CountRow, Pick<SenderDomain, 'domain' | 'state' | 'decided' | 'firstSeen' | 'lastSeen' | 'task' | 'taskSince'> {
  proposal: Partial<Proposal>
  diagnosis: Diagnosis | null
  policy: DomainPolicy | null
}

async function listDomains(db: Db, question: About, sender: SenderRow): Promise<SenderDomain[]> {
  const facts = factsOf(question, 'domain')
  const { rows } = await sql<DomainRow>`
    with sums as (select f.domain_id, ${countColumns} from ${facts.table} f where ${facts.where} group by f.domain_id)
    select d.name as domain, sd.state, sd.decided, sd.proposal, sd.first_day as "firstSeen", sd.last_day as "lastSeen",
      sd.diagnosis_facts as diagnosis, sd.task, sd.task_since as "taskSince", ${latestPolicy(sql`sd.domain_id`)} as policy,
      coalesce(sums.messages, 0) as messages, coalesce("dmarcPass", 0) as "dmarcPass", coalesce("dkimAligned", 0) as "dkimAligned",
      coalesce("spfAligned", 0) as "spfAligned"
    from sender_domains sd join domains d on d.id = sd.domain_id left join sums on sums.domain_id = sd.domain_id
    where sd.sender_id = ${sender.id} and ${standingsWhere(question)}
    order by sums.messages desc nulls last, d.name limit ${mostDomains}`.execute(db)
  return rows.map((row) => toDomain(row, sender))
}

function toDomain({ domain, state, decided, proposal, diagnosis, policy, ...row }: DomainRow, sender: SenderRow): SenderDomain {
  return {
    domain,
    state,
    decided,
    proposal: proposal.state ? { state: proposal.state, reasons: proposal.reasons ?? [] } : null,
    firstSeen: row.firstSeen,
    lastSeen: row.lastSeen,
    ...toCounts(row),
    diagnosis: diagnosis && {
      code: diagnosis.code,
      text: diagnosisText('en', diagnosis.code, diagnosis.facts),
      facts: { ...diagnosis.facts },
    },
    repair: diagnosis && toRepair(repair(diagnosis.code, diagnosis.facts, knownSenderOf(sender.key), policy ?? {})),
    task: row.task,
    taskSince: row.taskSince,
  }
}

function toRepair({ steps, records, instructions, spfCanAlign }: ReturnType<typeof repair>): SenderDomain['repair'] {
  return {
    steps: steps.map(({ code, facts }) => ({ code, facts: { ...facts }, text: stepText('en', code, facts) })),
    records: records.map(({ name, type, value, known }) => ({ name, type, value, known })),
    instructions,
    spfCanAlign,
  }
}
