import type { FailureDetail } from '@ruadar/contract'
import { useRoute } from 'preact-iso'
import { failure } from '../../api/questions.ts'
import { useQuery } from '../../api/query.ts'
import { DeviationSection } from '../../components/deviation-section.tsx'
import { Name } from '../../components/name.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Answer } from '../../components/states.tsx'
import { words } from '../../i18n/language.ts'
import { addDays } from '../../state/days.ts'
import { filterHref } from '../../state/filter.ts'
import { useFilter } from '../../state/use-filter.ts'
import { EvidenceSection } from './evidence-section.tsx'
import { AuthenticationFacts, FailureFacts } from './failure-facts.tsx'
import { FailureSentence } from './failure-words.tsx'
import { PrivacySection } from './privacy-section.tsx'
import { SampleBody, SampleHeaders } from './sample.tsx'

/** One failure report. Each look is recorded by the server, so the page asks once and never again by itself. */
export function FailurePage() {
  const t = words().failures
  const id = useRoute().params['id'] ?? ''
  const { href } = useFilter()
  const query = useQuery(failure(id))
  const { data } = query
  const title = data ? data.subject || t.noSubject : t.report
  return (
    <Page title={title} heading={<Name value={title} />} back={{ href: href('/failures'), title: t.title }}>
      <Answer query={query} lines={12}>
        {(detail) => <FailureSections detail={detail} />}
      </Answer>
    </Page>
  )
}

function FailureSections({ detail }: { detail: FailureDetail }) {
  const t = words().failures
  return (
    <>
      <Standing detail={detail} />
      <div class="beside">
        <Section title={t.headers} hint={t.headersHint}>
          <SampleHeaders headers={detail.headers} />
        </Section>
        <EvidenceSection detail={detail} />
      </div>
      {detail.body !== null && (
        <Section title={t.body}>
          <SampleBody text={detail.body} />
        </Section>
      )}
      <div class="columns">
        <Section title={t.facts}>
          <FailureFacts detail={detail} />
        </Section>
        <div class="answer">
          <Section title={t.checks}>
            <AuthenticationFacts detail={detail} />
          </Section>
          <PrivacySection detail={detail} />
        </div>
      </div>
      <DeviationSection count={detail.warnings} list={detail.warningList} reporter={detail.reporter} />
    </>
  )
}

/** What failed in one sentence, and the way to what else is known of the source. */
function Standing({ detail }: { detail: FailureDetail }) {
  const t = words().failures
  const day = detail.arrivedAt.slice(0, 10)
  const counted = detail.evidence !== null && detail.evidence.rows.length > 0 ? detail.evidence : null
  // Where nobody counted it on its day, the month around may show it.
  const days = counted ?? { from: addDays(day, -15), to: addDays(day, 16) }
  return (
    <section class="standing" aria-label={t.standing}>
      <p class="standing-sentence">
        <FailureSentence item={detail} />
      </p>
      {detail.incidents > 1 && <p>{t.incidentsText(detail.incidents)}</p>}
      {detail.source && (
        <p>
          <a
            href={filterHref(`/sources/${encodeURIComponent(detail.source)}`, {
              ...(detail.domain && { domain: detail.domain }),
              from: days.from,
              to: days.to,
            })}
          >
            {t.source}
          </a>
        </p>
      )}
    </section>
  )
}
