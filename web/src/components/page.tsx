import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { shownText } from './shown-text.ts'

interface PageProps {
  /** For the browser's title and the heading; `heading` shows it with marks, and has to where it comes from a report. */
  title: string
  heading?: ComponentChildren
  /** The way up: a link to the list this page belongs to. */
  back?: { href: string; title: string }
  actions?: ComponentChildren
  children: ComponentChildren
}

let isFirstPage = true

/** A page's heading. Coming from another page the heading takes the focus, so that screen readers and the keyboard start there. */
export function Page({ title, heading, back, actions, children }: PageProps) {
  const ref = useRef<HTMLHeadingElement>(null)
  const { path } = useLocation()
  useEffect(() => {
    document.title = `${shownText(title)} · Ruadar`
  }, [title])
  useEffect(() => {
    if (!isFirstPage) ref.current?.focus({ preventScroll: true })
    isFirstPage = false
  }, [path])
  return (
    <>
      <div class="page-head">
        <div class="page-title">
          {back && (
            <a class="back" href={back.href}>
              <span aria-hidden="true">← </span>
              {back.title}
            </a>
          )}
          <h1 ref={ref} tabIndex={-1}>
            {heading ?? title}
          </h1>
        </div>
        {actions && <div class="page-actions">{actions}</div>}
      </div>
      {children}
    </>
  )
}

interface SectionProps {
  title: string
  hint?: ComponentChildren
  actions?: ComponentChildren
  children: ComponentChildren
}

export function Section({ title, hint, actions, children }: SectionProps) {
  return (
    <section class="panel">
      <div class="panel-head">
        <h2>{title}</h2>
        {actions}
      </div>
      {hint && <p class="hint">{hint}</p>}
      {children}
    </section>
  )
}
