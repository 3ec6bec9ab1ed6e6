import type { AlertRuleName, Mute, MuteRequest } from '@ruadar/contract'
import { alertWords } from '@ruadar/alerts/words'
import { useMemo, useState } from 'preact/hooks'
import { mute, mutes } from '../../api/alert-questions.ts'
import { ask } from '../../api/client.ts'
import { useQuery } from '../../api/query.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { ChoiceField, TextField, useAction } from '../../components/form.tsx'
import { Name } from '../../components/name.tsx'
import { Section } from '../../components/page.tsx'
import { Answer, ProblemBox } from '../../components/states.tsx'
import { formats, language, senderWords } from '../../i18n/language.ts'
import { ruleName } from './alert-sentence.tsx'

const RULES = Object.keys(alertWords.en.rules) as AlertRuleName[]

/** What stays silent, and the way to end that or to add to it. */
export function MutesSection() {
  const t = senderWords().alertRules
  const query = useQuery(mutes())
  const [domain, setDomain] = useState('')
  const [rule, setRule] = useState<AlertRuleName | ''>('')
  const add = useAction(async () => {
    const body: MuteRequest = { ...(domain.trim() && { domain: domain.trim().toLowerCase() }), ...(rule && { rule }) }
    await mute(body)
    setDomain('')
    setRule('')
    query.reload()
  })
  return (
    <Section title={t.mutes} hint={t.mutesHint}>
      <Answer query={query} lines={2}>
        {(data) =>
          data.items.length === 0 ? <p class="muted">{t.noMutes}</p> : <MuteTable items={data.items} onTakenOff={query.reload} />
        }
      </Answer>
      <form
        class="inline-form"
        aria-label={t.addMute}
        onSubmit={(event) => {
          event.preventDefault()
          void add.run()
        }}
      >
        <TextField label={t.domain} value={domain} onInput={setDomain} placeholder={t.anyDomain} maxLength={253} required={rule === ''} />
        <ChoiceField
          label={senderWords().alerts.rule}
          value={rule}
          options={[['', t.anyRule] as const, ...RULES.map((value) => [value, ruleName(value)] as const)]}
          onChoose={setRule}
        />
        <button type="submit" class="button" disabled={add.busy}>
          {t.addMuteButton}
        </button>
      </form>
      {add.error && <ProblemBox error={add.error} />}
    </Section>
  )
}

function MuteTable({ items, onTakenOff }: { items: readonly Mute[]; onTakenOff: () => void }) {
  const columns = useMemo<Column<Mute>[]>(() => {
    const t = senderWords().alertRules
    const f = formats()
    return [
      { key: 'what', title: t.muted, kind: 'main', cell: (item) => <MutedThing item={item} /> },
      { key: 'until', title: t.until, cell: (item) => (item.until ? f.time(item.until) : t.forever) },
      { key: 'by', title: t.by, cell: (item) => senderWords().senderPage.by(item.by, f.time(item.at)) },
      { key: 'off', title: t.takeOff, kind: 'action', cell: (item) => <TakeOff id={item.id} onTakenOff={onTakenOff} /> },
    ]
  }, [language.value, onTakenOff])
  return <DataTable caption={senderWords().alertRules.mutes} columns={columns} pages={[items]} keyOf={(item) => item.id} />
}

function MutedThing({ item }: { item: Mute }) {
  const parts = [
    item.sender !== null && <Name key="sender" value={item.sender} />,
    item.domain !== null && <Name key="domain" value={item.domain} />,
    item.rule !== null && <span key="rule">{ruleName(item.rule)}</span>,
  ].filter((part) => part !== false)
  if (parts.length === 0) return <>{senderWords().alertRules.everything}</>
  return <>{parts.flatMap((part, index) => (index === 0 ? [part] : [' · ', part]))}</>
}

function TakeOff({ id, onTakenOff }: { id: number; onTakenOff: () => void }) {
  const remove = useAction(async () => {
    await ask(`/mutes/${id}`, { method: 'DELETE' })
    onTakenOff()
  })
  return (
    <>
      <button type="button" class="button" disabled={remove.busy} onClick={() => void remove.run()}>
        {senderWords().alertRules.takeOff}
      </button>
      {remove.error && <ProblemBox error={remove.error} />}
    </>
  )
}
