import type { FailureDetail } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { findEvidence } from './evidence.ts'
import { failureColumns, type FailureRow, toFailureItem } from './failures.ts'
import { isRecipientField, redactionOf } from './redaction.ts'

type Stored = Omit<FailureDetail, keyof FailureRow | 'addressesShown' | 'openings' | 'keptUntil' | 'evidence'>
type Row = FailureRow & Stored & { earlier: number; latest: FailureDetail['openings']['latest'] }

/** Openings that are listed; the number of all of them stands beside. */
const mostOpenings = 20

/** Who opens a sample, as it is recorded. */
export interface Viewer {
  name: string
  seesAddresses: boolean
}

/**
 * One failure report, whole; null when there is none or it was deleted. The opening is recorded before anything is shown.
 * `sampleDays` says how long it will be kept.
 */
export async function openFailure(db: Db, id: number, viewer: Viewer, sampleDays: number): Promise<FailureDetail | null> {
  const row = await db.transaction().execute(async (trx) => {
    const { rows } = await sql<Row>`
      select ${failureColumns},
        r.identity_alignment as "identityAlignment", r.user_agent as "userAgent", r.mail_from as "mailFrom",
        r.authentication_results as "authenticationResults", r.dkim, r.spf_dns as "spfDns", r.message_id as "messageId",
        r.headers, r.body, r.warnings as "warningList", r.mail_id::text as "mailId", r.part,
        (select count(*) from sample_openings o where o.failure_report_id = r.id) as earlier,
        (select coalesce(jsonb_agg(jsonb_build_object('at', l.opened_at, 'by', l.opened_by, 'addressesShown', l.addresses_shown) order by l.id desc), '[]')
         from (select * from sample_openings o where o.failure_report_id = r.id order by o.id desc limit ${mostOpenings}) l) as latest
      from failure_reports r
        join domains d on d.id = r.domain_id
        join reporters n on n.id = r.reporter_id
      where r.id = ${id}`.execute(trx)
    if (rows[0]) await recordOpenings(trx, [id], viewer)
    return rows[0]
  })
  if (!row) return null
  const evidence = await findEvidence(db, id)
  return present(row, viewer, sampleDays, evidence)
}

/** Notes who opened these samples, and whether with addresses. */
export async function recordOpenings(db: Db, ids: readonly number[], viewer: Viewer): Promise<void> {
  await sql`
    insert into sample_openings (failure_report_id, opened_by, addresses_shown)
    select unnest(${ids}::bigint[]), ${viewer.name}, ${viewer.seesAddresses}`.execute(db)
}

function present(row: Row, { seesAddresses }: Viewer, sampleDays: number, evidence: FailureDetail['evidence']): FailureDetail {
  const { earlier, latest, ...stored } = row
  const item = toFailureItem(stored)
  const detail: FailureDetail = {
    ...stored,
    ...item,
    addressesShown: seesAddresses,
    openings: { count: earlier, latest: latest.map((opening) => ({ ...opening, at: new Date(opening.at).toISOString() })) },
    keptUntil: new Date(row.storedAt.getTime() + sampleDays * 86_400_000).toISOString(),
    evidence,
  }
  return seesAddresses ? detail : redact(detail)
}

function redact(detail: FailureDetail): FailureDetail {
  const { headers, rcptTo, dkim } = detail
  const redaction = redactionOf([...rcptTo, ...headers.filter(({ name }) => isRecipientField(name)).map(({ value }) => value)])
  const { known } = redaction
  return {
    ...detail,
    author: known(detail.author),
    subject: known(detail.subject),
    messageId: known(detail.messageId),
    mailFrom: known(detail.mailFrom),
    rcptTo: rcptTo.map(redaction.recipients),
    authenticationResults: detail.authenticationResults.map(known),
    dkim: { ...dkim, identity: known(dkim.identity) },
    spfDns: detail.spfDns.map(known),
    headers: headers.map(redaction.field),
    body: known(detail.body),
    // The raw value of what could not be understood may be a recipient in a form that nobody recognises.
    warningList: detail.warningList.map((warning) => ({ ...warning, value: warning.value?.includes('@') ? '…' : warning.value })),
  }
}
