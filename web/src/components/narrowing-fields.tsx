import { useId } from 'preact/hooks'
import { reporters } from '../api/questions.ts'
import { useQuery } from '../api/query.ts'
import { words } from '../i18n/language.ts'
import type { Narrowing as NarrowingName } from '../state/filter.ts'
import { useFilter } from '../state/use-filter.ts'
import { shownText } from './shown-text.ts'

const TEXTS = ['reporter', 'source', 'headerFrom'] as const

/** The filter's further fields. Their choices are asked for only once they are opened. */
export function Narrowing({ names }: { names: readonly NarrowingName[] }) {
  const t = words()
  const { filter, asked, change } = useFilter()
  const listId = useId()
  const { domain, from, to } = asked
  const known = useQuery(reporters({ ...(domain && { domain }), from, to })).data?.items.slice(0, 200) ?? []
  const select = (name: NarrowingName, options: Record<string, string>) =>
    names.includes(name) && (
      <label class="filter-item" key={name}>
        <span>{t.filter.fields[name]}</span>
        <select class="input" value={filter[name] ?? ''} onChange={(event) => change({ [name]: event.currentTarget.value || undefined })}>
          <option value="">{t.filter.any}</option>
          {Object.entries(options).map(([value, title]) => (
            <option key={value} value={value} selected={filter[name] === value}>
              {title}
            </option>
          ))}
        </select>
      </label>
    )
  return (
    <div class="filter-row filter-further">
      {TEXTS.filter((name) => names.includes(name)).map((name) => (
        <label class="filter-item" key={name}>
          <span>{t.filter.fields[name]}</span>
          <input
            class="input"
            value={filter[name] ?? ''}
            list={name === 'reporter' ? listId : undefined}
            spellcheck={false}
            autocapitalize="off"
            onChange={(event) => change({ [name]: event.currentTarget.value || undefined })}
          />
        </label>
      ))}
      <datalist id={listId}>
        {known.map((item) => (
          <option key={item.reporter} value={item.reporter}>
            {shownText(item.reporter)}
          </option>
        ))}
      </datalist>
      {select('dmarc', { pass: t.verdicts.pass, fail: t.verdicts.fail })}
      {select('dkim', t.verdicts)}
      {select('spf', t.verdicts)}
      {select('disposition', t.dispositions)}
    </div>
  )
}
