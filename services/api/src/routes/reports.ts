import { Filter, Page, pageOf, RecordItem, ReportDetail, ReportItem, ReportQuery } from '@ruadar/contract'
import { openReportXml, setCounted } from '@ruadar/ingest'
import { Type } from 'typebox'
import type { App, Context } from '../context.ts'
import { problems, query } from '../plugins/openapi.ts'
import { notFound, ProblemError } from '../problem.ts'
import { readFilter } from '../queries/question.ts'
import { listRecords } from '../queries/records.ts'
import { findReport, reportExists } from '../queries/report.ts'
import { listReports } from '../queries/reports.ts'
import { originalSchema, sendOriginal } from './original.ts'
import { idParams } from './schemas.ts'

export function addReportRoutes(app: App, { reads: db, objects, now }: Context): void {
  const tags = ['reports']

  app.get(
    '/reports',
    {
      schema: {
        tags,
        operationId: 'listReports',
        summary: 'Reports of a period, newest day first',
        description:
          'Numbers of a report are its own totals. A filter on rows keeps reports whose reporter told of such messages for that domain and day.',
        querystring: query({ ...Filter.properties, ...ReportQuery.properties, ...Page.properties }),
        response: { 200: pageOf(ReportItem), ...problems },
      },
    },
    (request) => {
      const { state, after, limit = 50, ...filter } = request.query
      return listReports(db, readFilter(filter, now()), { state, after, limit })
    },
  )

  app.get(
    '/reports/:id',
    {
      schema: { tags, operationId: 'getReport', summary: 'One report', params: idParams, response: { 200: ReportDetail, ...problems } },
    },
    (request) => reportOr404(Number(request.params.id)),
  )

  app.get(
    '/reports/:id/records',
    {
      schema: {
        tags,
        operationId: 'listRecords',
        summary: 'Rows of a report, in its order',
        params: idParams,
        querystring: query({ ...Type.Omit(Filter, ['domain', 'from', 'to', 'reporter']).properties, ...Page.properties }),
        response: { 200: pageOf(RecordItem), ...problems },
      },
    },
    async (request) => {
      const id = Number(request.params.id)
      if (!(await reportExists(db, id))) throw notFound('such report')
      const { after, limit = 50, ...filter } = request.query
      return listRecords(db, id, readFilter(filter, now()), { after, limit })
    },
  )

  app.get(
    '/reports/:id/xml',
    {
      schema: { tags, operationId: 'getReportXml', summary: 'The XML as the reporter sent it', ...originalSchema },
    },
    async (request, reply) => {
      const { id } = request.params
      if (!(await reportExists(db, Number(id)))) throw notFound('such report')
      const xml = await openReportXml(db, Number(id), objects)
      if (!xml) throw new ProblemError(404, 'xml_gone', 'The mail with this report is no longer stored.')
      return sendOriginal(reply, xml, request.query.download ? `report-${id}.xml` : null)
    },
  )

  app.post(
    '/reports/:id/count',
    {
      schema: {
        tags,
        operationId: 'countReport',
        summary: 'Let this conflict count instead',
        description: 'The report with the same key that counted so far becomes the conflict. Answers the report as it is then.',
        params: idParams,
        response: { 200: ReportDetail, ...problems },
      },
    },
    async (request) => {
      const id = Number(request.params.id)
      if (!(await reportExists(db, id))) throw notFound('such report')
      if ((await setCounted(db, id)) === 'records_deleted')
        throw new ProblemError(
          409,
          'records_deleted',
          'The records of this report were deleted by the retention setting, so it can no longer change whether it counts.',
        )
      return reportOr404(id)
    },
  )

  async function reportOr404(id: number): Promise<ReportDetail> {
    const report = await findReport(db, id)
    if (!report) throw notFound('such report')
    return report
  }
}
