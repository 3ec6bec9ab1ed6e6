import type { SampleResult } from '@ruadar/contract'
import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import { forgetAnswers } from '../../api/query.ts'
import { DropZone } from '../../components/drop-zone.tsx'
import { useAction } from '../../components/form.tsx'
import { Page, Section } from '../../components/page.tsx'
import { ProblemBox } from '../../components/states.tsx'
import { words } from '../../i18n/language.ts'
import { PublishPanel } from './publish-panel.tsx'

/** The first page of an empty installation: three ways to get reports in, and what to publish so that they come by themselves. */
export function StartPage() {
  const t = words().start
  return (
    <Page title={t.title}>
      <p class="lead">{t.lead}</p>
      <div class="ways">
        <Section title={t.addMailbox} hint={t.addMailboxHint}>
          <p>
            <a class="button button-main" href="/mailboxes/new">
              {t.addMailboxButton}
            </a>
          </p>
        </Section>
        <Section title={t.dropFiles} hint={t.dropFilesHint}>
          <DropZone />
        </Section>
        <Section title={t.sample} hint={t.sampleHint}>
          <SampleData />
        </Section>
      </div>
      <PublishPanel />
    </Page>
  )
}

function SampleData() {
  const t = words().start
  const { route } = useLocation()
  const [waiting, setWaiting] = useState(0)
  const load = useAction(async () => {
    const result = await ask<SampleResult>('/sample-data', { method: 'POST' })
    forgetAnswers()
    setWaiting(result.waiting)
    if (result.waiting === 0) route('/')
  })
  return (
    <>
      {load.error && <ProblemBox error={load.error} />}
      <p>
        <button type="button" class="button" onClick={() => void load.run()} disabled={load.busy}>
          {load.busy ? t.sampleLoading : t.sampleButton}
        </button>
      </p>
      {waiting > 0 && (
        <p role="status">
          {t.sampleWaiting(waiting)} <a href="/">{words().nav.sections.overview}</a>
        </p>
      )}
    </>
  )
}
