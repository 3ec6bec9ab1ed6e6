import type { Me } from '@ruadar/contract'
import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso'
import { useEffect, useState } from 'preact/hooks'
import { pending } from '../api/query.ts'
import { words } from '../i18n/language.ts'
import { filterForOtherKind, filterHref, readFilter } from '../state/filter.ts'
import { signOut } from '../state/session.ts'
import { Mark } from './mark.tsx'

/** Paths whose questions understand the filter: links between them keep it, as far as the kind of report does. */
const FILTERED = ['/', '/sources', '/reporters', '/reports', '/failures', '/tls'] as const
const OTHERS = ['/ingest', '/settings'] as const

const kindOf = (path: string): string => /^\/(failures|tls)(?=\/|$)/.exec(path)?.[1] ?? 'aggregate'

export function Layout({ me, children }: { me: Me; children: ComponentChildren }) {
  const t = words()
  const { path, query, url } = useLocation()
  const [open, setOpen] = useState(false)
  useEffect(() => setOpen(false), [url])
  const filter = readFilter(query)
  const link = (target: string, title: string, href: string) => {
    const isHere = target === '/' ? path === '/' : path === target || path.startsWith(`${target}/`)
    return (
      <li key={target}>
        <a href={href} aria-current={isHere ? 'page' : undefined}>
          {title}
        </a>
      </li>
    )
  }
  return (
    <>
      <a class="skip-link" href="#main" onClick={() => document.getElementById('main')?.focus()}>
        {t.nav.skip}
      </a>
      <LoadingSign />
      <header class="site-header">
        <div class="site-header-row">
          <a class="brand" href={filterHref('/', filter)} aria-label={t.nav.home}>
            <Mark />
            <span>Ruadar</span>
          </a>
          <button type="button" class="menu-button" aria-expanded={open} aria-controls="site-nav" onClick={() => setOpen(!open)}>
            {t.nav.menu}
          </button>
          <nav id="site-nav" class={open ? 'site-nav open' : 'site-nav'} aria-label={t.nav.label}>
            <ul>
              {FILTERED.map((target) =>
                link(
                  target,
                  t.nav.pages[target],
                  filterHref(target, kindOf(target) === kindOf(path) ? filter : filterForOtherKind(filter)),
                ),
              )}
              {OTHERS.map((target) => link(target, t.nav.pages[target], target))}
              <li class="sign-out">
                <button type="button" class="nav-button" onClick={() => void signOut()} title={me.name}>
                  {t.nav.signOut}
                </button>
              </li>
            </ul>
          </nav>
        </div>
      </header>
      <main id="main" class="page" tabIndex={-1}>
        {children}
      </main>
      <footer class="site-footer">
        <p>{t.nav.utc}</p>
      </footer>
    </>
  )
}

/** A thin line while questions are open, and the same in words for screen readers. Answers that come at once show nothing. */
function LoadingSign() {
  const [shown, setShown] = useState(false)
  const isPending = pending.value > 0
  useEffect(() => {
    if (!isPending) {
      setShown(false)
      return
    }
    const timer = setTimeout(() => setShown(true), 350)
    return () => clearTimeout(timer)
  }, [isPending])
  return (
    <>
      {shown && <div class="loading-line" />}
      <p class="visually-hidden" role="status">
        {shown ? words().states.loading : ''}
      </p>
    </>
  )
}
