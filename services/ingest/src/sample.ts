import { sampleReports, writeAggregate, wrappings, writeReportMail } from '@ruadar/reports/generate'

const daySeconds = 86_400
const sampleDays = 60

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
}
