import { ingest } from '../api/questions.ts'
import { useQuery } from '../api/query.ts'
import { formats, words } from '../i18n/language.ts'
import { addDays } from '../state/days.ts'
import { NARROWING } from '../state/filter.ts'
import { useFilter } from '../state/use-filter.ts'
import { Empty } from './states.tsx'

interface NoMailProps {
  /** First day with any report of the domain and reporter, and the day after the last one; null: there is none at all. */
  dataFrom: string | null
  dataTo: string | null
}

/** Nothing under this filter: says whether there is data elsewhere and leads to it. */
export function NoMail({ dataFrom, dataTo }: NoMailProps) {
  const t = words().noMail
  const f = formats()
  const { filter, href } = useFilter()
  const cleared = Object.fromEntries(NARROWING.map((name) => [name, undefined]))
  if (dataFrom === null || dataTo === null)
    return filter.domain || filter.reporter ? (
      <Empty title={t.nothingOfIt}>
        <a class="button" href={href('/', { domain: undefined, ...cleared })}>
          {t.showAll}
        </a>
      </Empty>
    ) : (
      <NothingYet />
    )
  return (
    <Empty title={t.notInPeriod}>
      <p>{t.dataSpan(f.day(dataFrom), f.day(addDays(dataTo, -1)))}</p>
      <a class="button button-main" href={href('/', { ...cleared, period: undefined, from: dataFrom, to: dataTo })}>
        {t.showSpan}
      </a>
    </Empty>
  )
}

/** The first look at an empty installation; says so when mails have come but are still to be read, or could not be. */
function NothingYet() {
  const t = words().noMail
  const counts = useQuery(ingest()).data?.mails
  return (
    <Empty title={t.nothingYet}>
      <p>{t.nothingYetHint}</p>
      {counts && counts.stored + counts.quarantined > 0 && (
        <p>
          <a href="/ingest">{t.mailsCame(counts.stored, counts.quarantined)}</a>
        </p>
      )}
      <a class="button button-main" href="/start">
        {t.start}
      </a>
    </Empty>
  )
}
