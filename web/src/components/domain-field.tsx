import { useId, useState } from 'preact/hooks'
import { domainNames } from '../api/questions.ts'
import { useQuery } from '../api/query.ts'
import { words } from '../i18n/language.ts'
import { shownText } from './shown-text.ts'

/** So many domains are chosen from a list; of more, some letters of the name find it. */
const LISTED = 50
const FOUND = 20

interface DomainFieldProps {
  /** Undefined: all domains. */
  value: string | undefined
  choose(domain: string | undefined): void
}

export function DomainField({ value, choose }: DomainFieldProps) {
  const t = words().filter
  const known = useQuery(domainNames('', LISTED)).data
  if (known?.more) return <DomainSearch value={value} choose={choose} />
  const names = known?.items ?? []
  const choices = value !== undefined && !names.includes(value) ? [value, ...names] : names
  return (
    <label class="filter-item">
      <span>{t.domain}</span>
      <select class="input" value={value ?? ''} onChange={(event) => choose(event.currentTarget.value || undefined)}>
        <option value="" selected={value === undefined}>
          {t.allDomains}
        </option>
        {choices.map((domain) => (
          <option key={domain} value={domain} selected={domain === value}>
            {shownText(domain)}
          </option>
        ))}
      </select>
    </label>
  )
}

/** What is typed is looked for; a name that is known is chosen at once, anything else with Enter or by leaving the field. */
function DomainSearch({ value, choose }: DomainFieldProps) {
  const t = words().filter
  const listId = useId()
  const [typed, setTyped] = useState<string | undefined>(undefined)
  const found = useQuery(domainNames((typed ?? value ?? '').trim(), FOUND)).data?.items ?? []
  const take = (text: string) => {
    setTyped(undefined)
    choose(text.trim().toLowerCase() || undefined)
  }
  return (
    <label class="filter-item">
      <span>{t.domain}</span>
      <input
        class="input"
        type="search"
        value={typed ?? value ?? ''}
        placeholder={t.allDomains}
        list={listId}
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
        onInput={(event) => {
          const text = event.currentTarget.value
          // A choice from the list comes as input too, without a key that was typed.
          if (!(event instanceof InputEvent && event.inputType.startsWith('insertText')) && found.includes(text)) take(text)
          else setTyped(text)
        }}
        onChange={(event) => take(event.currentTarget.value)}
      />
      <datalist id={listId}>
        {found.map((domain) => (
          <option key={domain} value={domain} />
        ))}
      </datalist>
    </label>
  )
}
