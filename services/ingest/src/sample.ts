import {
  sampleFailures,
  sampleReports,
  sampleTlsReports,
  writeAggregate,
  writeFailureMail,
  wrappings,
  writeReportMail,
  writeTls,
} from '@ruadar/reports/generate'

const daySeconds = 86_400
const sampleDays = 60
/** Of failure and TLS reports, which pages show one by one. */
const recentDays = 14

/** Mails with a made-up history of example.com up to yesterday, for looking around before the first report has come. */
export function* sampleMails(now = new Date()): Generator<Uint8Array> {
  const today = Math.floor(now.getTime() / 1000 / daySeconds) * daySeconds
  let number = 0
  for (const { reporter, content } of sampleReports({ firstDay: today - sampleDays * daySeconds, days: sampleDays })) {
    const { begin, end, reportId, policy } = content.head
    const wrapping = wrappings[number++ % wrappings.length]
    yield writeReportMail(writeAggregate(content), {
      reporter,
      policyDomain: policy.domain,
      reportId: reportId ?? '',
      begin,
      end,
      ...(wrapping ? { wrapping } : {}),
    })
  }
  const recent = { firstDay: today - recentDays * daySeconds, days: recentDays }
  for (const content of sampleTlsReports(recent)) {
    const { organization, reportId, begin, end, policies } = content
    yield writeReportMail(writeTls(content), {
      reporter: 'sender.example',
      policyDomain: policies[0]?.policyDomain ?? '',
      reportId: `${organization} ${reportId}`,
      begin,
      end,
      format: 'json',
    })
  }
  for (const content of sampleFailures(recent)) yield writeFailureMail(content, { reporter: 'mx.example.net' })
}
