import type { Me } from '@ruadar/contract'
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { pending } from '../api/query.ts'
import { words } from '../i18n/language.ts'
import { Navigation } from './navigation.tsx'
import { OutageNotice } from './states.tsx'

export function Layout({ me, children }: { me: Me; children: ComponentChildren }) {
  const t = words().nav
  return (
    <>
      <a class="skip-link" href="#main" onClick={() => document.getElementById('main')?.focus()}>
        {t.skip}
      </a>
      <LoadingSign />
      <Navigation account={me.name} />
      <main id="main" class="page" tabIndex={-1}>
        <OutageNotice />
        {children}
      </main>
      <footer class="site-footer">
        <p>{t.utc}</p>
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
