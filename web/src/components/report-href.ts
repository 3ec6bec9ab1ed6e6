import type { Outcome } from '@ruadar/contract'

/** The page of the report that a part of a mail became; null when it became none, or it is deleted. */
export function reportHref({ reportId, failureReportId, tlsReportId }: Outcome): string | null {
  if (reportId) return `/reports/${encodeURIComponent(reportId)}`
  if (failureReportId) return `/failures/${encodeURIComponent(failureReportId)}`
  return tlsReportId ? `/tls/${encodeURIComponent(tlsReportId)}` : null
}
