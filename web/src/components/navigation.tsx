import { useLocation } from 'preact-iso'
import { useEffect, useState } from 'preact/hooks'
import { useRepeat } from '../api/ask-again.ts'
import type { Catalogue } from '../i18n/en.ts'
import { formats, words } from '../i18n/language.ts'
import { askAttention, waiting } from '../state/attention.ts'
import { filterForOtherKind, filterHref, type PageFilter, readFilter } from '../state/filter.ts'
import { signOut } from '../state/session.ts'
import { Mark } from './mark.tsx'

type SectionName = keyof Catalogue['nav']['sections']
type PagePath = '/' | '/ingest' | '/settings' | keyof Catalogue['nav']['pages']

/** The pages in their sections, the section's own first; a section of one page has no second row. */
const SECTIONS: Record<SectionName, readonly [PagePath, ...PagePath[]]> = {
  overview: ['/'],
  senders: ['/senders', '/inbox'],
  alerts: ['/alerts', '/alerts/rules', '/alerts/channels'],
  reports: ['/reports', '/reporters', '/sources', '/failures', '/tls', '/deviations'],
  intake: ['/ingest'],
  settings: ['/settings'],
}
const NAMES = Object.keys(SECTIONS) as SectionName[]

/** Paths whose questions understand the filter: links between them keep it, as far as the kind of report does. */
const FILTERED: readonly PagePath[] = ['/', '/senders', '/inbox', '/alerts', '/sources', '/reporters', '/reports', '/failures', '/tls']
const AGGREGATE: readonly PagePath[] = ['/', '/senders', '/inbox', '/sources', '/reporters', '/reports']

/** Pages that are reached from a section without being listed in it. */
const BELOW: Record<string, PagePath> = { '/mailboxes': '/ingest', '/start': '/ingest' }

const ASK_EVERY = 60_000

/** The listed page that `path` is, or is below of: `/alerts/rules` rather than `/alerts`. */
export function listedPage(path: string): PagePath | undefined {
  const [, first = ''] = path.split('/')
  const isAt = (page: PagePath) => page !== '/' && (path === page || path.startsWith(`${page}/`))
  return path === '/'
    ? '/'
    : (Object.values(SECTIONS)
        .flat()
        .filter(isAt)
        .toSorted((a, b) => b.length - a.length)[0] ?? BELOW[`/${first}`])
}

const sectionOf = (page: PagePath | undefined): SectionName | undefined =>
  NAMES.find((name) => page !== undefined && SECTIONS[name].includes(page))

function hrefOf(target: PagePath, here: PagePath | undefined, filter: PageFilter): string {
  if (!FILTERED.includes(target)) return target
  const isSameKind = target === here || (here !== undefined && AGGREGATE.includes(target) && AGGREGATE.includes(here))
  return filterHref(target, isSameKind ? filter : filterForOtherKind(filter))
}

/** The head of every page: sections, and below them the pages of the section that one is in. */
export function Navigation({ account }: { account: string }) {
  const t = words().nav
  const { path, query, url } = useLocation()
  const [open, setOpen] = useState(false)
  useEffect(() => setOpen(false), [url])
  useAttention()
  const filter = readFilter(query)
  const here = listedPage(path)
  const section = sectionOf(here)
  return (
    <>
      <header class="site-header">
        <div class="site-header-row">
          <a class="brand" href={hrefOf('/', here, filter)} aria-label={t.home}>
            <Mark />
            <span>Ruadar</span>
          </a>
          <button type="button" class="menu-button" aria-expanded={open} aria-controls="site-nav" onClick={() => setOpen(!open)}>
            {t.menu}
          </button>
          <nav id="site-nav" class={open ? 'site-nav open' : 'site-nav'} aria-label={t.label}>
            <ul>
              {NAMES.map((name) => (
                <li key={name}>
                  <a href={hrefOf(SECTIONS[name][0], here, filter)} aria-current={currentOf(name === section, path === SECTIONS[name][0])}>
                    {t.sections[name]}
                    <WaitingCount count={countOf(name)} />
                  </a>
                </li>
              ))}
              <li class="sign-out">
                <button type="button" class="nav-button" onClick={() => void signOut()} title={account}>
                  {t.signOut}
                </button>
              </li>
            </ul>
          </nav>
        </div>
      </header>
      {section && SECTIONS[section].length > 1 && (
        <nav class="section-nav" aria-label={t.sections[section]}>
          <ul>
            {SECTIONS[section].map((target) => (
              <li key={target}>
                <a href={hrefOf(target, here, filter)} aria-current={currentOf(target === here, path === target)}>
                  {(t.pages as Record<string, string>)[target]}
                  {target === '/inbox' && <WaitingCount count={countOf('senders')} />}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </>
  )
}

const currentOf = (isWithin: boolean, isPage: boolean) => (isPage ? 'page' : isWithin ? 'true' : undefined)

function countOf(name: SectionName): number {
  if (name === 'senders') return waiting.value?.unknownSenders ?? 0
  return name === 'alerts' ? (waiting.value?.openAlerts ?? 0) : 0
}

function WaitingCount({ count }: { count: number }) {
  if (count === 0) return null
  return (
    <span class="waiting-count">
      <span aria-hidden="true">{formats().compact(count)}</span>
      <span class="visually-hidden">, {words().nav.waiting(count)}</span>
    </span>
  )
}

const askAgain = (): void => void askAttention()

function useAttention(): void {
  useEffect(() => {
    void askAttention()
    return () => {
      waiting.value = undefined
    }
  }, [])
  useRepeat(askAgain, ASK_EVERY)
}
