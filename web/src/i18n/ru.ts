import type { Catalogue } from './en.ts'
import { codes, problems, warnings } from './ru/codes.ts'
import { ingest, mailbox, start, upload } from './ru/intake.ts'
import { advice, auth, reasons, standing } from './ru/findings.ts'
import { noMail, overview, policy, records, reporters, reports, sources } from './ru/reports.ts'
import { access, chart, dispositions, filter, mailStates, nav, notFound, overrides, settings, states, verdicts } from './ru/shell.ts'

/** The words of the pages in Russian. */
export const ru: Catalogue = {
  access,
  advice,
  auth,
  chart,
  codes,
  dispositions,
  filter,
  ingest,
  mailbox,
  mailStates,
  nav,
  noMail,
  notFound,
  overrides,
  overview,
  policy,
  problems,
  reasons,
  records,
  reporters,
  reports,
  settings,
  sources,
  standing,
  start,
  states,
  upload,
  verdicts,
  warnings,
}
