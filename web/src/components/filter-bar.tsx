import { useState } from 'preact/hooks'
import { sender } from '../api/sender-questions.ts'
import { useQuery } from '../api/query.ts'
import { formats, words } from '../i18n/language.ts'
import { addDays, isDay } from '../state/days.ts'
import { DEFAULT_PERIOD, NARROWING, type Narrowing as NarrowingName, PERIODS, type Period, rangeOf } from '../state/filter.ts'
import { useFilter } from '../state/use-filter.ts'
import { DomainField } from './domain-field.tsx'
import { Narrowing } from './narrowing-fields.tsx'
import { shownText } from './shown-text.ts'

interface FilterBarProps {
  /** What of the filter the page's questions understand beside domain and period. The rest stays in the address, for the way back. */
  narrowing?: readonly NarrowingName[]
}

/** The one filter of all pages about reports. Every choice is a new address, so "back" takes it off again. */
export function FilterBar({ narrowing = NARROWING }: FilterBarProps) {
  const t = words().filter
  const { filter, change } = useFilter()
  const active = narrowing.filter((name) => filter[name] !== undefined)
  const [open, setOpen] = useState(false)
  return (
    <form class="filter-bar" role="search" aria-label={t.label} onSubmit={(event) => event.preventDefault()}>
      <div class="filter-row">
        <DomainField value={filter.domain} choose={(domain) => change({ domain })} />
        <PeriodFields />
        <button type="button" class="button" aria-expanded={open} aria-controls="narrowing" onClick={() => setOpen(!open)}>
          {t.more}
          {active.length > 0 && <span class="count">{active.length}</span>}
        </button>
      </div>
      <div id="narrowing" hidden={!open}>
        {open && <Narrowing names={narrowing} />}
      </div>
      {active.length > 0 && (
        <ul class="chips" aria-label={t.active}>
          {active.map((name) => (
            <li key={name}>
              <button type="button" class="chip" onClick={() => change({ [name]: undefined })}>
                {t.fields[name]}:{' '}
                {name === 'sender' ? <SenderName id={filter.sender} /> : <bdi>{shownText(wordFor(name, String(filter[name])))}</bdi>}
                <span aria-hidden="true"> ×</span>
                <span class="visually-hidden"> {t.takeOff}</span>
              </button>
            </li>
          ))}
          {active.length > 1 && (
            <li>
              <button type="button" class="link-button" onClick={() => change(Object.fromEntries(active.map((name) => [name, undefined])))}>
                {t.clear}
              </button>
            </li>
          )}
        </ul>
      )}
    </form>
  )
}

/** Fixed values have words; names, addresses and domains stand for themselves. */
function wordFor(name: NarrowingName, value: string): string {
  const t = words()
  if (name === 'reporter' || name === 'source' || name === 'headerFrom') return value
  const known: Record<string, string> = name === 'disposition' ? t.dispositions : t.verdicts
  return known[value] ?? value
}

/** The name of the sender that the filter asks for; its number until that is known. */
function SenderName({ id }: { id: number | undefined }) {
  const { asked } = useFilter()
  const known = useQuery(id === undefined ? null : sender(String(id), { from: asked.from, to: asked.to }))
  return <bdi>{shownText(known.data?.name ?? String(id))}</bdi>
}

type Choice = Period | 'custom'

function PeriodFields() {
  const t = words().filter
  const f = formats()
  const { filter, change } = useFilter()
  const range = rangeOf(filter)
  const isFixed = filter.from !== undefined || filter.to !== undefined
  const lastDay = addDays(range.to, -1)
  const choose = (value: string) => {
    const period = PERIODS.find((item) => item === value)
    if (period) change({ period })
    else change(range)
  }
  const chosen: Choice = isFixed ? 'custom' : (filter.period ?? DEFAULT_PERIOD)
  return (
    <>
      <label class="filter-item">
        <span>{t.period}</span>
        <select class="input" value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
          {PERIODS.map((period) => (
            <option key={period} value={period} selected={period === chosen}>
              {t.periods[period]}
            </option>
          ))}
          <option value="custom" selected={chosen === 'custom'}>
            {t.periods.custom}
          </option>
        </select>
      </label>
      {isFixed ? (
        <>
          <DayField
            label={t.firstDay}
            value={range.from}
            onPick={(day) => change({ from: day, to: day < range.to ? range.to : addDays(day, 1) })}
          />
          <DayField
            label={t.lastDay}
            value={lastDay}
            onPick={(day) => change({ from: range.from <= day ? range.from : day, to: addDays(day, 1) })}
          />
        </>
      ) : (
        <span class="filter-range">
          {f.day(range.from)} – {f.day(lastDay)}, UTC
        </span>
      )}
    </>
  )
}

function DayField({ label, value, onPick }: { label: string; value: string; onPick: (day: string) => void }) {
  return (
    <label class="filter-item">
      <span>{label}</span>
      <input
        class="input"
        type="date"
        value={value}
        onChange={(event) => {
          if (isDay(event.currentTarget.value)) onPick(event.currentTarget.value)
        }}
      />
    </label>
  )
}
