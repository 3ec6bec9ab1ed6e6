import type { PublishedDns } from '@ruadar/contract'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { publishedDns } from '../../api/sender-questions.ts'
import { useQuery } from '../../api/query.ts'
import { Badge, type Tone } from '../../components/badges.tsx'
import { Name } from '../../components/name.tsx'
import { shownText } from '../../components/shown-text.ts'
import { Answer } from '../../components/states.tsx'
import { formats, senderWords } from '../../i18n/language.ts'

/** What DNS has at this moment for the domain and the sender. It asks name servers, so it does so only when somebody wants to know. */
export function PublishedSection({ domain, senderId }: { domain: string; senderId: number }) {
  const t = senderWords().published
  const [wanted, setWanted] = useState(false)
  const query = useQuery(wanted ? publishedDns(domain, senderId) : null)
  return (
    <div class="published">
      <div class="buttons">
        <h3>{t.title}</h3>
        <button type="button" class="button" disabled={query.loading && wanted} onClick={() => (wanted ? query.reload() : setWanted(true))}>
          {wanted ? t.askAgain : t.ask}
        </button>
      </div>
      {wanted && (
        <Answer query={query} lines={4}>
          {(data) => (data.asked ? <Published data={data} /> : <p class="hint">{t.notAsked}</p>)}
        </Answer>
      )}
    </div>
  )
}

function Published({ data }: { data: PublishedDns }) {
  const t = senderWords().published
  return (
    <dl class="published-list" aria-live="polite">
      {data.dmarc && (
        <Entry name={data.dmarc.name}>
          <Texts texts={data.dmarc.records} problem={data.dmarc.problem} />
          {data.reportHosts.map((host) => (
            <p key={host.name}>
              <Badge tone={host.accepts === null ? 'quiet' : host.accepts ? 'good' : 'bad'}>
                {host.accepts === null ? t.notAnswered : host.accepts ? t.accepts : t.refuses}
              </Badge>{' '}
              <Name value={host.host} />
            </p>
          ))}
        </Entry>
      )}
      {data.spf && (
        <Entry name="SPF">
          <SpfAnswer spf={data.spf} />
        </Entry>
      )}
      {data.dkim.map((key) => (
        <Entry key={key.name} name={key.name}>
          <Badge tone={KEY_TONES[key.state]}>{t.keys[key.state]}</Badge>{' '}
          {key.keyType && (
            <span class="muted">
              <Name value={key.keyType} />
              {key.bits !== null && ` ${t.bits(formats().integer(key.bits))}`}
            </span>
          )}
        </Entry>
      ))}
      {data.records.map((record) => (
        <Entry key={record.name} name={record.name}>
          <Badge tone={RECORD_TONES[record.state]}>{t.records[record.state]}</Badge>
          {record.found !== null && (
            <p>
              <DnsText text={record.found} />
            </p>
          )}
          {record.state !== 'as_expected' && (
            <p class="muted">
              {t.expected} <DnsText text={record.expected} />
            </p>
          )}
        </Entry>
      ))}
    </dl>
  )
}

const KEY_TONES: { [S in PublishedDns['dkim'][number]['state']]: Tone } = {
  found: 'good',
  revoked: 'bad',
  faulty: 'bad',
  missing: 'bad',
  not_answered: 'quiet',
}
const RECORD_TONES: { [S in PublishedDns['records'][number]['state']]: Tone } = {
  as_expected: 'good',
  other: 'warn',
  missing: 'bad',
  not_answered: 'quiet',
}

const DnsText = ({ text }: { text: string }) => <code>{shownText(text)}</code>

function Entry({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>
        <DnsText text={name} />
      </dt>
      <dd>{children}</dd>
    </div>
  )
}

function Texts({ texts, problem }: { texts: readonly string[]; problem: string | null }) {
  const t = senderWords().published
  if (problem !== null)
    return (
      <p>
        <Badge tone="quiet">{t.notAnswered}</Badge> <Name value={problem} />
      </p>
    )
  if (texts.length === 0) return <Badge tone="bad">{t.records.missing}</Badge>
  return (
    <>
      {texts.length > 1 && <Badge tone="bad">{t.several}</Badge>}
      {texts.map((text) => (
        <p key={text}>
          <DnsText text={text} />
        </p>
      ))}
    </>
  )
}

function SpfAnswer({ spf }: { spf: NonNullable<PublishedDns['spf']> }) {
  const t = senderWords().published
  const problems: Partial<Record<string, string>> = t.spfProblems
  return (
    <>
      <Texts texts={spf.records} problem={spf.problem} />
      <p>
        <Badge tone={spf.tooMany ? 'bad' : 'quiet'}>{t.lookUps(spf.lookUps)}</Badge>
      </p>
      {spf.include && (
        <p>
          <Badge tone={spf.include.isThere ? 'good' : 'bad'}>{spf.include.isThere ? t.included : t.notIncluded}</Badge>{' '}
          <DnsText text={`include:${spf.include.name}`} />
        </p>
      )}
      {spf.addresses.map(({ address, permitted }) => (
        <p key={address}>
          <Badge tone={permitted === null ? 'quiet' : permitted ? 'good' : 'bad'}>
            {permitted === null ? t.unclear : permitted ? t.permitted : t.notPermitted}
          </Badge>{' '}
          <DnsText text={address} />
        </p>
      ))}
      {spf.problems.map(({ code, domain, detail }) => (
        <p key={code + domain + detail} class="muted">
          {(Object.hasOwn(problems, code) ? problems[code] : undefined) ?? code}: <Name value={domain} /> <Name value={detail} none="" />
        </p>
      ))}
    </>
  )
}
