import type { DomainItem, DomainSummary, SourceItem, Summary } from '@ruadar/contract'
import type { Query } from '../../api/query.ts'
import type { Paged } from '../../api/questions.ts'
import { Name } from '../../components/name.tsx'
import { ReasonList } from '../../components/reasons.tsx'
import { Answer } from '../../components/states.tsx'
import { formats, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'
import { type Domains, type NextStep, nextStepOf, type Standing, standingOf } from './standing.ts'

/** What the panel is made of: the period's sums, the domains with the most and with the most failing messages, and the sources that fail. */
interface Facts {
  total: Summary
  largest: Paged<DomainItem>
  worst: Paged<DomainItem>
  counts: DomainSummary
  failing: Paged<SourceItem>
}

/** Where the owner stands in one sentence, and what to do next, with links to the evidence. */
export function StandingPanel({ query }: { query: Query<Facts> }) {
  return (
    <section class="standing" aria-label={words().standing.title}>
      <Answer query={query} lines={3}>
        {(facts) => <StandingText {...facts} />}
      </Answer>
    </section>
  )
}

function StandingText({ total, largest, worst, counts, failing }: Facts) {
  const domains: Domains = {
    counts,
    messages: total.messages,
    pass: total.dmarcPass,
    largest: largest.items[0],
    worst: worst.items[0],
  }
  const next = nextStepOf(domains, failing.items)
  return (
    <>
      <p class="standing-sentence">
        <StandingSentence standing={standingOf(domains)} />
      </p>
      {next && (
        <div class="standing-next">
          <p class="standing-label">{words().standing.next}</p>
          <NextSentence step={next} />
        </div>
      )}
    </>
  )
}

function StandingSentence({ standing }: { standing: Standing }) {
  const t = words().standing
  const f = formats()
  const { href } = useFilter()
  switch (standing.code) {
    case 'no_mail':
      return <>{t.noMail}</>
    case 'one_domain': {
      const domain = <Name value={standing.domain} />
      const policy = standing.policy === null ? null : <code>p={standing.policy}</code>
      const share = <strong>{f.share(standing.pass, standing.messages)}</strong>
      const messages = <a href={href('/reports')}>{t.messages(standing.messages)}</a>
      return <>{t.oneDomain({ domain, policy, share, messages })}</>
    }
    case 'many_domains': {
      const share = <strong>{f.share(standing.pass, standing.messages)}</strong>
      const messages = <a href={href('/reports')}>{t.messages(standing.messages)}</a>
      return <>{t.manyDomains({ domains: standing.domains, enforcing: standing.enforcing, share, messages })}</>
    }
  }
}

function NextSentence({ step }: { step: NextStep }) {
  const t = words().standing
  const f = formats()
  const { href } = useFilter()
  switch (step.code) {
    case 'fix_source': {
      const { source } = step
      const link = (
        <a href={href(`/sources/${encodeURIComponent(source.source)}`)}>
          <Name value={source.source} />
        </a>
      )
      return (
        <>
          <p>
            {step.enforced
              ? t.blockedSource({ source: link, failing: t.messages(source.dmarcFail) })
              : t.fixSource({ source: link, failing: t.messages(source.dmarcFail) })}
          </p>
          {source.reasons.length > 0 && <ReasonList reasons={source.reasons.slice(0, 2)} />}
        </>
      )
    }
    case 'look_at_domain': {
      const link = (
        <a href={href('/', { domain: step.domain.domain })}>
          <Name value={step.domain.domain} />
        </a>
      )
      return <p>{t.lookAtDomain({ domain: link, failing: t.messages(step.domain.dmarcFail) })}</p>
    }
    case 'tighten': {
      const record = <code>p={step.to}</code>
      const failing = step.failing === 0 ? t.nothing : <a href={href('/sources', { dmarc: 'fail' })}>{t.messages(step.failing)}</a>
      return <p>{t.tighten({ domain: <Name value={step.domain} />, record, failing })}</p>
    }
    case 'roll_out':
      return <p>{t.rollOut({ domain: <Name value={step.domain} />, pct: step.pct === null ? null : f.integer(step.pct) })}</p>
    case 'publish':
      return <p>{t.publish({ domain: <Name value={step.domain} />, start: <a href="/start">{t.howToPublish}</a> })}</p>
    case 'watch':
      return <p>{t.watch}</p>
  }
}
