// Writes docs/configuration.md from the table of settings; with --check it only says whether the file is up to date.
import { definitions } from '@ruadar/platform'
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
