import type { Catalogue } from './en.ts'
import { codes, problems, warnings } from './ru/codes.ts'
import { deviations } from './ru/deviations.ts'
import { failures, failureSentences } from './ru/failures.ts'
import { ingest, mailbox, start, upload } from './ru/intake.ts'
import { advice, auth, reasons, standing } from './ru/findings.ts'
import { noMail, overview, policy, records, reporters, reports, sources } from './ru/reports.ts'
import {
  access,
  chart,
  dispositions,
  filter,
  mailStates,
  nav,
  notFound,
  overrides,
  senderKinds,
  senderStates,
  settings,
  states,
  verdicts,
} from './ru/shell.ts'
import { tls, tlsResults } from './ru/tls.ts'

/** The words of the pages in Russian. */
export const ru: Catalogue = {
  access,
  advice,
  auth,
  chart,
  codes,
  deviations,
  dispositions,
  failures,
  failureSentences,
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
  senderKinds,
  senderStates,
  settings,
  sources,
  standing,
  start,
  states,
  tls,
  tlsResults,
  upload,
  verdicts,
  warnings,
}
