import type {
  DeviationItem,
  DeviationQuery,
  DomainItem,
  DomainNames,
  DomainSummary,
  FailureDetail,
  FailureFilter,
  FailureItem,
  FailureSummary,
  Filter,
  IngestSummary,
  Mailbox,
  MailItem,
  RecordItem,
  ReportDetail,
  ReporterItem,
  ReportItem,
  SourceDetail,
  SourceItem,
  Summary,
  Timeline,
  TlsDomain,
  TlsFailureItem,
  TlsFilter,
  TlsReportDetail,
  TlsReportItem,
  TlsTimeline,
  TokenItem,
} from '@ruadar/contract'

/** A GET path of the API together with the type of its answer. */
export interface Question<T> {
  readonly path: string
  readonly answer?: T
}
export interface Paged<T> {
  items: T[]
  next: string | null
}
export interface Listed<T> {
  items: T[]
}

type Values = Record<string, string | number | undefined>

/** Builds the query string; absent and empty values are left out, the order is the order of the object. */
export function queryString(values: Values): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (value !== undefined && value !== '') params.set(name, String(value))
  const text = params.toString()
  return text ? `?${text}` : ''
}

export const question = <T>(path: string, values: Values = {}): Question<T> => ({ path: path + queryString(values) })
export const segment = encodeURIComponent

export const summary = (filter: Filter) => question<Summary>('/summary', filter)
export const timeline = (filter: Filter) => question<Timeline>('/timeline', filter)
export type DomainSort = 'messages' | 'failing'
export const domains = (filter: Filter, sort: DomainSort = 'messages', limit = 50) =>
  question<Paged<DomainItem>>('/domains', { ...filter, sort, limit })
export const domainSummary = (filter: Filter) => question<DomainSummary>('/domains/summary', filter)
export const domainNames = (search: string, limit: number) => question<DomainNames>('/domains/names', { search, limit })
export const reporters = (filter: Filter) => question<Listed<ReporterItem>>('/reporters', filter)

export type SourceSort = 'failing' | 'messages'
export const sources = (filter: Filter, sort: SourceSort, limit = 50) => question<Paged<SourceItem>>('/sources', { ...filter, sort, limit })
export const source = (ip: string, filter: Filter) => question<SourceDetail>(`/sources/${segment(ip)}`, filter)

export const reports = (filter: Filter, state: string | undefined, limit = 50) =>
  question<Paged<ReportItem>>('/reports', { ...filter, state, limit })
export const report = (id: string) => question<ReportDetail>(`/reports/${segment(id)}`)
export const records = (id: string) => question<Paged<RecordItem>>(`/reports/${segment(id)}/records`, { limit: 100 })
export const xmlPath = (id: string) => `/reports/${segment(id)}/xml`
export const xmlDownload = (id: string) => `/api/v1/reports/${segment(id)}/xml?download=1`

/** The API refuses parts of a filter that it can't answer; the address of a page may have them all the same. */
const failureValues = ({ domain, from, to, reporter, source: ip, authFailure }: FailureFilter): Values => ({
  domain,
  from,
  to,
  reporter,
  source: ip,
  authFailure,
})
export const failures = (filter: FailureFilter, limit = 50) =>
  question<Paged<FailureItem>>('/failures', { ...failureValues(filter), limit })
export const failureSummary = (filter: FailureFilter) => question<FailureSummary>('/failures/summary', failureValues(filter))
export const failure = (id: string) => question<FailureDetail>(`/failures/${segment(id)}`)

const tlsValues = ({ domain, from, to, reporter }: TlsFilter): Values => ({ domain, from, to, reporter })
export const tlsDomains = (filter: TlsFilter) => question<Listed<TlsDomain>>('/tls', tlsValues(filter))
export const tlsTimeline = (filter: TlsFilter) => question<TlsTimeline>('/tls/timeline', tlsValues(filter))
export const tlsFailures = (filter: TlsFilter) => question<Paged<TlsFailureItem>>('/tls/failures', { ...tlsValues(filter), limit: 50 })
export const tlsReports = (filter: TlsFilter, state: string | undefined) =>
  question<Paged<TlsReportItem>>('/tls/reports', { ...tlsValues(filter), state, limit: 50 })
export const tlsReport = (id: string) => question<TlsReportDetail>(`/tls/reports/${segment(id)}`)
export const tlsJsonPath = (id: string) => `/tls/reports/${segment(id)}/json`

export const deviations = (about: Partial<Record<keyof DeviationQuery, string | undefined>>) =>
  question<Paged<DeviationItem>>('/deviations', { ...about, limit: 100 })

export const ingest = () => question<IngestSummary>('/ingest')
export const mails = (state: string | undefined, code: string | undefined, limit = 50) =>
  question<Paged<MailItem>>('/ingest/mails', { state, code, limit })
export const mail = (id: string) => question<MailItem>(`/ingest/mails/${segment(id)}`)
export const rawMailPath = (id: string) => `/ingest/mails/${segment(id)}/raw`

export const mailboxes = () => question<Listed<Mailbox>>('/mailboxes')
export const tokens = () => question<Listed<TokenItem>>('/tokens')
