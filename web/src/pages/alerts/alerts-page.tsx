import type { AlertItem, AlertQuery, AlertRuleName } from '@ruadar/contract'
import { alertWords } from '@ruadar/alerts/words'
import { useLocation } from 'preact-iso'
import { alerts } from '../../api/alert-questions.ts'
import { lasting } from '../../api/ask-again.ts'
import { usePages } from '../../api/query.ts'
import { Page } from '../../components/page.tsx'
import { DomainField } from '../../components/domain-field.tsx'
import { Empty, ProblemBox, Skeleton } from '../../components/states.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { formats, senderWords, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'
import { AlertActions } from './alert-actions.tsx'
import { AlertStateBadge, AlertText, AlertTitle, ruleName } from './alert-sentence.tsx'
import { evidenceLinks } from './evidence-links.ts'

const VIEWS = ['active', 'snoozed', 'closed', 'learnt', 'all'] as const
type View = (typeof VIEWS)[number]
const RULES = Object.keys(alertWords.en.rules) as AlertRuleName[]
const EVERY = 60_000

/** Alerts, open ones first; others by their state, all of them by rule and domain. */
export function AlertsPage() {
  const t = senderWords().alerts
  const { query } = useLocation()
  const { filter, href } = useFilter()
  const view = VIEWS.find((item) => item === query['state']) ?? 'active'
  const rule = RULES.find((item) => item === query['rule'])
  const about: AlertQuery = {
    ...(filter.domain && { domain: filter.domain }),
    ...(rule && { rule }),
    ...(view !== 'all' && { state: view }),
  }
  const list = usePages(alerts(about), { every: EVERY })
  const place = (to: { view?: View; rule?: string | undefined }) => {
    const { view: state, rule: of } = { view, rule, ...to }
    return href('/alerts', {}, { state: state === 'active' ? undefined : state, rule: of })
  }
  const items = list.pages?.flat()
  const error = lasting(list.error)
  return (
    <Page title={t.title}>
      <p class="hint">{t.hint}</p>
      <AlertFilter rule={rule} hrefOf={(value) => place({ rule: value })} />
      <Tabs
        label={t.view}
        tabs={VIEWS.map((value) => ({ href: place({ view: value }), title: t.views[value], isActive: view === value }))}
      />
      <div class="answer" aria-busy={list.loading}>
        {error && <ProblemBox error={error} retry={list.retry} />}
        {items === undefined ? (
          error ? null : (
            <div class="panel">
              <Skeleton lines={6} />
            </div>
          )
        ) : items.length === 0 ? (
          <div class="panel">
            <Empty title={view === 'active' ? t.empty.active : t.empty.others}>
              <p>{t.emptyHint}</p>
              {view !== 'all' && (
                <a class="button" href={place({ view: 'all', rule: undefined })}>
                  {t.views.all}
                </a>
              )}
            </Empty>
          </div>
        ) : (
          <ul class="alerts">
            {items.map((item) => (
              <AlertCard key={item.id} item={item} onChanged={list.reload} />
            ))}
          </ul>
        )}
        {list.hasMore && !list.error && (
          <p class="more">
            <button type="button" class="button" onClick={list.more} disabled={list.loading}>
              {list.loading ? words().states.loading : words().states.more}
            </button>
          </p>
        )}
      </div>
    </Page>
  )
}

function AlertCard({ item, onChanged }: { item: AlertItem; onChanged: () => void }) {
  const t = senderWords().alerts
  const f = formats()
  return (
    <li class="panel alert-card">
      <div class="panel-head">
        <h2>
          <a href={`/alerts/${item.id}`}>
            <AlertTitle item={item} />
          </a>
        </h2>
        <span class="badges">
          <AlertStateBadge value={item.state} />
          {item.state === 'snoozed' && item.snoozedUntil && <span class="muted">{t.until(f.time(item.snoozedUntil))}</span>}
        </span>
      </div>
      <p>
        <AlertText item={item} />
      </p>
      <p class="muted">
        {ruleName(item.rule)} · <time dateTime={item.firedAt}>{f.time(item.firedAt)}</time> · {t.about(f.day(item.day))}
        {evidenceLinks(item).map(({ name, href }) => (
          <span key={name}>
            {' · '}
            <a href={href}>{t.evidenceLinks[name]}</a>
          </span>
        ))}
      </p>
      <AlertActions item={item} onChanged={onChanged} />
    </li>
  )
}

function AlertFilter({ rule, hrefOf }: { rule: AlertRuleName | undefined; hrefOf: (rule: string | undefined) => string }) {
  const t = senderWords().alerts
  const { route } = useLocation()
  const { filter, change } = useFilter()
  return (
    <form class="filter-bar" role="search" aria-label={t.filter} onSubmit={(event) => event.preventDefault()}>
      <div class="filter-row">
        <DomainField value={filter.domain} choose={(domain) => change({ domain })} />
        <label class="filter-item">
          <span>{t.rule}</span>
          <select class="input" value={rule ?? ''} onChange={(event) => route(hrefOf(event.currentTarget.value || undefined))}>
            <option value="">{t.allRules}</option>
            {RULES.map((value) => (
              <option key={value} value={value} selected={value === rule}>
                {ruleName(value)}
              </option>
            ))}
          </select>
        </label>
      </div>
    </form>
  )
}
