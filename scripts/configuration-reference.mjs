// Writes docs/configuration.md from the table of settings and docs/limits.md from that of the reader's limits; with --check it only says whether the files are up to date.
import { definitions } from '@ruadar/platform'
import { limitTable } from '@ruadar/reports'
import { keepGenerated } from './generated-file.mjs'

const introduction = `# Settings

<!-- Made by scripts/configuration-reference.mjs from packages/platform/src/settings/definitions.ts. Do not edit. -->

Ruadar needs no setting to start. What can be set comes from four places; a later one wins over an earlier one:

1. the defaults below;
2. a YAML file whose path is in \`RUADAR_CONFIG\`: a map of the names below, and a list \`mailboxes\`;
3. environment variables;
4. for secrets: a file whose path is in the variable with \`_FILE\` behind its name (one line end at the end of the file is dropped).

An empty value counts as not given. When something is wrong the process names every problem at once and ends with exit code 1.
A \`RUADAR_\` variable that is not listed here changes nothing; the log warns of it.

\`\`\`yaml
# ruadar.yaml
RUADAR_DOMAINS: example.org, example.com
RUADAR_POLL_SECONDS: 300
mailboxes:
  - name: Reports
    host: imap.example.org
    user: dmarc@example.org
    password_file: /run/secrets/imap-password
    folders: [INBOX, Reports]
\`\`\`

[mailboxes.md](mailboxes.md) describes all that can be said about a mailbox, in the file and in \`RUADAR_IMAP_URL\`.

| Setting | Default | Meaning |
| --- | --- | --- |
`

const rows = Object.entries(definitions.properties).map(([name, definition]) => {
  const { type, default: value, minimum, maximum, description } = definition
  const shown = value === '' ? '' : `\`${value}\`${name.endsWith('_BYTES') ? ` (${value / 1024 / 1024} MiB)` : ''}`
  const range = type === 'integer' ? ` From ${minimum} to ${maximum}.` : ''
  const secret = 'secret' in definition ? ` Also as \`${name}_FILE\`.` : ''
  return `| \`${name}\` | ${shown} | ${description}${range}${secret} |\n`
})

keepGenerated('docs/configuration.md', introduction + rows.join(''))

const limits = `# Limits of the reader

<!-- Made by scripts/configuration-reference.mjs from packages/reports/src/limits.ts. Do not edit. -->

Anyone can mail anything to a published address, so everything that is read has a bound. A mail that passes one is kept in quarantine; its
reason names the limit and the value that was in force. To read a larger one, set \`RUADAR_LIMITS\`, restart, and read the mail again:

\`\`\`sh
RUADAR_LIMITS="records=5000000, mailParts=400" ruadar start
ruadar parse --limit records=5000000 report.xml.gz    # to try one file
\`\`\`

Time and memory are settings of their own: \`RUADAR_READ_SECONDS\` and \`RUADAR_READ_MEMORY_MB\`. The size of a mail follows
\`RUADAR_MAIL_MAX_BYTES\` and \`RUADAR_UPLOAD_MAX_BYTES\` unless \`mailBytes\` is given.

| Limit | Default | Meaning |
| --- | --- | --- |
`

const limitRows = Object.entries(limitTable).map(([name, { value, meaning }]) => {
  const bytes = name.includes('Bytes') ? ` (${value / 1024 / 1024} MiB)` : ''
  return `| \`${name}\` | \`${value}\`${bytes} | ${meaning} |\n`
})

keepGenerated('docs/limits.md', limits + limitRows.join(''))
