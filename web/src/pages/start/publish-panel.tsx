import { useState } from 'preact/hooks'
import { CopyButton, TextField } from '../../components/form.tsx'
import { Section } from '../../components/page.tsx'
import { words } from '../../i18n/language.ts'
import { dnsName, recordsFor } from './dmarc-record.ts'

/** What to put into DNS, filled in for a typed domain. */
export function PublishPanel() {
  const t = words().start
  const [domain, setDomain] = useState('')
  const [mailbox, setMailbox] = useState('')
  const name = dnsName(domain)
  const address = mailbox.trim() || (name ? `dmarc@${name}` : 'dmarc@example.com')
  const records = recordsFor(name ?? 'example.com', address)
  return (
    <Section title={t.publish} hint={t.publishHint}>
      <div class="form-row">
        <TextField
          label={t.domain}
          value={domain}
          onInput={setDomain}
          placeholder="example.com"
          error={domain.trim() !== '' && name === null ? t.notADomain : undefined}
        />
        <TextField label={t.mailbox} value={mailbox} onInput={setMailbox} type="email" placeholder={address} />
      </div>
      {records.map((record, index) => (
        <div class="dns-record" key={record.name}>
          <dl>
            <dt>{t.recordName}</dt>
            <dd>
              <code>{record.name}</code>
            </dd>
            <dt>{t.recordType}</dt>
            <dd>
              <code>TXT</code>
            </dd>
            <dt>{t.recordValue}</dt>
            <dd>
              <code>{record.value}</code>
            </dd>
          </dl>
          <CopyButton text={record.value} />
          {index > 0 && <p class="hint">{t.foreignMailbox}</p>}
        </div>
      ))}
      <p class="hint">{t.publishAfter}</p>
    </Section>
  )
}
