import type { TokenCreated, TokenItem } from '@ruadar/contract'
import { useMemo, useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import { tokens } from '../../api/questions.ts'
import { useQuery } from '../../api/query.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { ConfirmButton, CopyButton, TextField, useAction } from '../../components/form.tsx'
import { Name } from '../../components/name.tsx'
import { Section } from '../../components/page.tsx'
import { Answer, ProblemBox } from '../../components/states.tsx'
import { formats, language, words } from '../../i18n/language.ts'

export function TokensSection() {
  const t = words().settings
  const query = useQuery(tokens())
  const [name, setName] = useState('')
  const [created, setCreated] = useState<TokenCreated>()
  const create = useAction(async () => {
    setCreated(await ask<TokenCreated>('/tokens', { method: 'POST', body: { name } }))
    setName('')
    query.reload()
  })
  return (
    <Section title={t.tokens} hint={t.tokensHint}>
      <Answer query={query} lines={3}>
        {(data) =>
          data.items.length === 0 ? <p class="muted">{t.noTokens}</p> : <TokenTable items={data.items} onRevoked={query.reload} />
        }
      </Answer>
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault()
          void create.run()
        }}
      >
        <TextField label={t.tokenName} value={name} onInput={setName} required maxLength={100} />
        <button type="submit" class="button" disabled={create.busy}>
          {t.createToken}
        </button>
      </form>
      {create.error && <ProblemBox error={create.error} />}
      <div aria-live="polite">
        {created && (
          <div class="notice">
            <p>{t.tokenOnce}</p>
            <p class="buttons">
              <code class="token">{created.token}</code>
              <CopyButton text={created.token} />
            </p>
          </div>
        )}
      </div>
    </Section>
  )
}

function TokenTable({ items, onRevoked }: { items: readonly TokenItem[]; onRevoked: () => void }) {
  const columns = useMemo<Column<TokenItem>[]>(() => {
    const t = words().settings
    const f = formats()
    return [
      { key: 'name', title: t.tokenName, kind: 'main', cell: (item) => <Name value={item.name} /> },
      { key: 'created', title: t.tokenCreated, cell: (item) => f.time(item.createdAt) },
      { key: 'used', title: t.tokenUsed, cell: (item) => (item.lastUsedAt ? f.time(item.lastUsedAt) : t.neverUsed) },
      { key: 'revoke', title: t.tokenRevoke, cell: (item) => <RevokeToken id={item.id} onRevoked={onRevoked} /> },
    ]
  }, [language.value, onRevoked])
  return <DataTable caption={words().settings.tokens} columns={columns} pages={[items]} keyOf={(item) => item.id} />
}

function RevokeToken({ id, onRevoked }: { id: number; onRevoked: () => void }) {
  const t = words().settings
  const revoke = useAction(async () => {
    await ask(`/tokens/${id}`, { method: 'DELETE' })
    onRevoked()
  })
  return (
    <>
      <ConfirmButton label={t.tokenRevoke} question={t.tokenRevokeQuestion} onConfirm={() => void revoke.run()} busy={revoke.busy} />
      {revoke.error && <ProblemBox error={revoke.error} />}
    </>
  )
}
