import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { LanguageChoice } from '../../components/language-choice.tsx'
import { Mark } from '../../components/mark.tsx'
import { OutageNotice } from '../../components/states.tsx'
import { words } from '../../i18n/language.ts'

/** The frame of the pages in front of the door. */
export function AccessFrame({ title, children }: { title: string; children: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} · Ruadar`
  }, [title])
  return (
    <main class="access">
      <div class="access-card">
        <p class="brand">
          <Mark />
          <span>Ruadar</span>
        </p>
        <h1>{title}</h1>
        <OutageNotice />
        {children}
      </div>
      <div class="access-foot">
        <p class="hint">{words().access.tagline}</p>
        <LanguageChoice />
      </div>
    </main>
  )
}
