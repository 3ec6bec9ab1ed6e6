import {
  Page,
  pageOf,
  TlsDomain,
  TlsFailureItem,
  TlsFilter,
  TlsReportDetail,
  TlsReportItem,
  TlsReportQuery,
  TlsTimeline,
} from '@ruadar/contract'
import { openTlsJson, setTlsCounted } from '@ruadar/ingest'
import { Type } from 'typebox'
import type { App, Context } from '../context.ts'
import { problems, query } from '../plugins/openapi.ts'
import { notFound, ProblemError } from '../problem.ts'
import { readFilter } from '../queries/question.ts'
import { listTlsDomains } from '../queries/tls-domains.ts'
import { listTlsFailures } from '../queries/tls-failures.ts'
import { findTlsReport, tlsReportExists } from '../queries/tls-report.ts'
import { listTlsReports } from '../queries/tls-reports.ts'
import { askTlsTimeline } from '../queries/tls-timeline.ts'
import { originalSchema, sendOriginal } from './original.ts'
import { idParams } from './schemas.ts'

export function addTlsRoutes(app: App, { reads: db, objects, now }: Context): void {
  const tags = ['tls']

  app.get(
    '/tls',
    {
      schema: {
        tags,
        operationId: 'listTlsDomains',
        summary: 'Policy domains with their sessions and newest policy',
        description: 'Most failed sessions first, at most 1000. Counts sessions, as reported, of counted TLS reports.',
        querystring: query(TlsFilter.properties),
        response: { 200: Type.Object({ items: Type.Array(TlsDomain) }), ...problems },
      },
    },
    async (request) => ({ items: await listTlsDomains(db, readFilter(request.query, now())) }),
  )

  app.get(
    '/tls/timeline',
    {
      schema: {
        tags,
        operationId: 'getTlsTimeline',
        summary: 'Sessions for each day of a period',
        description: 'One element for every UTC day, days without reports included. At most 800 days.',
        querystring: query(TlsFilter.properties),
        response: { 200: TlsTimeline, ...problems },
      },
    },
    (request) => askTlsTimeline(db, readFilter(request.query, now())),
  )

  app.get(
    '/tls/failures',
    {
      schema: {
        tags,
        operationId: 'listTlsFailures',
        summary: 'Failed sessions by result type and receiving MX',
        description: 'Most sessions first. Types overlap: their sum may be more than the failed sessions of /tls.',
        querystring: query({ ...TlsFilter.properties, ...Page.properties }),
        response: { 200: pageOf(TlsFailureItem), ...problems },
      },
    },
    (request) => {
      const { after, limit = 50, ...filter } = request.query
      return listTlsFailures(db, readFilter(filter, now()), { after, limit })
    },
  )

  app.get(
    '/tls/reports',
    {
      schema: {
        tags,
        operationId: 'listTlsReports',
        summary: 'TLS reports of a period, newest day first',
        description: 'With `domain` those that have a policy of it. Numbers of a report are its own totals.',
        querystring: query({ ...TlsFilter.properties, ...TlsReportQuery.properties, ...Page.properties }),
        response: { 200: pageOf(TlsReportItem), ...problems },
      },
    },
    (request) => {
      const { state, after, limit = 50, ...filter } = request.query
      return listTlsReports(db, readFilter(filter, now()), { state, after, limit })
    },
  )

  app.get(
    '/tls/reports/:id',
    {
      schema: {
        tags,
        operationId: 'getTlsReport',
        summary: 'One TLS report with its policies and failures',
        params: idParams,
        response: { 200: TlsReportDetail, ...problems },
      },
    },
    (request) => reportOr404(Number(request.params.id)),
  )

  app.get(
    '/tls/reports/:id/json',
    {
      schema: { tags, operationId: 'getTlsReportJson', summary: 'The JSON as the reporter sent it', ...originalSchema },
    },
    async (request, reply) => {
      const { id } = request.params
      if (!(await tlsReportExists(db, Number(id)))) throw notFound('such TLS report')
      const json = await openTlsJson(db, Number(id), objects)
      if (!json) throw new ProblemError(404, 'json_gone', 'The mail with this report is no longer stored.')
      return sendOriginal(reply, json, request.query.download ? `tls-report-${id}.json` : null)
    },
  )

  app.post(
    '/tls/reports/:id/count',
    {
      schema: {
        tags,
        operationId: 'countTlsReport',
        summary: 'Let this conflict count instead',
        description: 'The report with the same key that counted so far becomes the conflict. Answers the report as it is then.',
        params: idParams,
        response: { 200: TlsReportDetail, ...problems },
      },
    },
    async (request) => {
      const id = Number(request.params.id)
      if (!(await tlsReportExists(db, id))) throw notFound('such TLS report')
      await setTlsCounted(db, id)
      return reportOr404(id)
    },
  )

  async function reportOr404(id: number): Promise<TlsReportDetail> {
    const report = await findTlsReport(db, id)
    if (!report) throw notFound('such TLS report')
    return report
  }
}
