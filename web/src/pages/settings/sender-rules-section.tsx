import type { SenderRuleItem, SenderRuleRequest } from '@ruadar/contract'
import { useMemo, useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import { useQuery } from '../../api/query.ts'
import { senderRules } from '../../api/sender-questions.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { ChoiceField, ConfirmButton, TextField, useAction } from '../../components/form.tsx'
import { Name } from '../../components/name.tsx'
import { Section } from '../../components/page.tsx'
import { senderKind } from '../../components/sender-state.tsx'
import { Answer, ProblemBox } from '../../components/states.tsx'
import { formats, language, senderWords, words } from '../../i18n/language.ts'

type Match = SenderRuleRequest['match']
type Condition = keyof Match
const CONDITIONS: readonly Condition[] = ['signer', 'selector', 'bounce', 'host', 'network']
/** Kinds of what the catalogue does not know are no choice: a rule is what makes it known. */
const GROUPS: readonly string[] = ['domain', 'network', 'address']

/** Senders that the operator names: what the catalogue does not know, or knows wrongly. */
export function SenderRulesSection() {
  const t = senderWords().senderRules
  const query = useQuery(senderRules())
  return (
    <Section title={t.title} hint={t.hint}>
      <div id="own-senders" class="answer">
        <Answer query={query} lines={3}>
          {(data) => (data.items.length === 0 ? <p class="muted">{t.none}</p> : <RuleTable items={data.items} onDeleted={query.reload} />)}
        </Answer>
        <AddRule onAdded={query.reload} />
      </div>
    </Section>
  )
}

function AddRule({ onAdded }: { onAdded: () => void }) {
  const t = senderWords().senderRules
  const [name, setName] = useState('')
  const [kind, setKind] = useState('application')
  const [match, setMatch] = useState<Match>({})
  const [said, setSaid] = useState('')
  const isEmpty = Object.keys(match).length === 0
  const add = useAction(async () => {
    setSaid('')
    const body: SenderRuleRequest = { name: name.trim(), kind, match }
    await ask('/sender-rules', { method: 'POST', body })
    setName('')
    setMatch({})
    setSaid(t.added)
    onAdded()
  })
  const set = (condition: Condition) => (value: string) =>
    setMatch(({ [condition]: _old, ...rest }) => (value.trim() === '' ? rest : { ...rest, [condition]: value.trim() }))
  const hints = { signer: t.signerHint, selector: t.selectorHint, bounce: t.bounceHint, host: t.hostHint, network: t.networkHint }
  return (
    <form
      aria-label={t.add}
      onSubmit={(event) => {
        event.preventDefault()
        void add.run()
      }}
    >
      <div class="form-row">
        <TextField label={t.name} value={name} onInput={setName} required maxLength={100} />
        <ChoiceField
          label={t.kind}
          value={kind}
          options={Object.keys(words().senderKinds)
            .filter((value) => !GROUPS.includes(value))
            .map((value) => [value, senderKind(value)] as const)}
          onChoose={setKind}
        />
      </div>
      <fieldset class="choices">
        <legend>{t.conditions}</legend>
        <p class="hint">{t.conditionsHint}</p>
        <div class="form-row">
          {CONDITIONS.map((condition) => (
            <TextField
              key={condition}
              label={t[condition]}
              hint={hints[condition]}
              value={match[condition] ?? ''}
              onInput={set(condition)}
              maxLength={253}
              required={isEmpty && condition === 'signer'}
              mono
            />
          ))}
        </div>
      </fieldset>
      {add.error && <ProblemBox error={add.error} />}
      <p class="buttons">
        <button type="submit" class="button" disabled={add.busy}>
          {t.add}
        </button>
        <span role="status">{said}</span>
      </p>
    </form>
  )
}

function RuleTable({ items, onDeleted }: { items: readonly SenderRuleItem[]; onDeleted: () => void }) {
  const columns = useMemo<Column<SenderRuleItem>[]>(() => {
    const t = senderWords().senderRules
    const f = formats()
    return [
      {
        key: 'name',
        title: t.name,
        kind: 'main',
        cell: (item) => (
          <>
            <Name value={item.name} />
            <span class="cell-note">{senderKind(item.kind)}</span>
          </>
        ),
      },
      { key: 'match', title: t.conditions, kind: 'wide', cell: (item) => <Conditions match={item.match} /> },
      { key: 'by', title: t.createdBy, cell: (item) => senderWords().senderPage.by(item.createdBy, f.time(item.createdAt)) },
      { key: 'delete', title: t.delete, kind: 'action', cell: (item) => <DeleteRule id={item.id} onDeleted={onDeleted} /> },
    ]
  }, [language.value, onDeleted])
  return <DataTable caption={senderWords().senderRules.title} columns={columns} pages={[items]} keyOf={(item) => item.id} />
}

function Conditions({ match }: { match: Match }) {
  const t = senderWords().senderRules
  return (
    <ul class="plain-list">
      {CONDITIONS.filter((condition) => match[condition] !== undefined).map((condition) => (
        <li key={condition}>
          {t[condition]}: <Name value={match[condition]} />
        </li>
      ))}
    </ul>
  )
}

function DeleteRule({ id, onDeleted }: { id: number; onDeleted: () => void }) {
  const t = senderWords().senderRules
  const remove = useAction(async () => {
    await ask(`/sender-rules/${id}`, { method: 'DELETE' })
    onDeleted()
  })
  return (
    <>
      <ConfirmButton label={t.delete} question={t.deleteQuestion} onConfirm={() => void remove.run()} busy={remove.busy} />
      {remove.error && <ProblemBox error={remove.error} />}
    </>
  )
}
