import { codes, problems, warnings } from './en/codes.ts'
import { deviations } from './en/deviations.ts'
import { failures, failureSentences } from './en/failures.ts'
import { ingest, mailbox, start, upload } from './en/intake.ts'
import { advice, auth, reasons, standing } from './en/findings.ts'
import { noMail, overview, policy, records, reporters, reports, sources } from './en/reports.ts'
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
} from './en/shell.ts'
import { tls, tlsResults } from './en/tls.ts'

/** Every word of the pages. Another language has to satisfy this type: what is missing does not compile. */
export const en = {
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

export type Catalogue = typeof en
