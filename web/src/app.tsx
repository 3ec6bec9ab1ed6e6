import { ErrorBoundary, LocationProvider, lazy, Route, Router, useLocation } from 'preact-iso'
import { useEffect, useState } from 'preact/hooks'
import { forgetAnswers } from './api/query.ts'
import { Layout } from './components/layout.tsx'
import { ProblemBox } from './components/states.tsx'
import { words } from './i18n/language.ts'
import { OverviewPage } from './pages/overview/overview-page.tsx'
import { loadSession, safeReturnPath, session } from './state/session.ts'

const LoginPage = lazy(async () => (await import('./pages/access/login-page.tsx')).LoginPage)
const SetupPage = lazy(async () => (await import('./pages/access/setup-page.tsx')).SetupPage)
const StartPage = lazy(async () => (await import('./pages/start/start-page.tsx')).StartPage)
const SourcesPage = lazy(async () => (await import('./pages/sources/sources-page.tsx')).SourcesPage)
const SourcePage = lazy(async () => (await import('./pages/sources/source-page.tsx')).SourcePage)
const ReportersPage = lazy(async () => (await import('./pages/reporters-page.tsx')).ReportersPage)
const ReportsPage = lazy(async () => (await import('./pages/reports/reports-page.tsx')).ReportsPage)
const ReportPage = lazy(async () => (await import('./pages/reports/report-page.tsx')).ReportPage)
const XmlPage = lazy(async () => (await import('./pages/reports/xml-page.tsx')).XmlPage)
const FailuresPage = lazy(async () => (await import('./pages/failures/failures-page.tsx')).FailuresPage)
const FailurePage = lazy(async () => (await import('./pages/failures/failure-page.tsx')).FailurePage)
const TlsPage = lazy(async () => (await import('./pages/tls/tls-page.tsx')).TlsPage)
const TlsReportPage = lazy(async () => (await import('./pages/tls/tls-report-page.tsx')).TlsReportPage)
const DeviationsPage = lazy(async () => (await import('./pages/deviations-page.tsx')).DeviationsPage)
const IngestPage = lazy(async () => (await import('./pages/ingest/ingest-page.tsx')).IngestPage)
const MailPage = lazy(async () => (await import('./pages/ingest/mail-page.tsx')).MailPage)
const MailboxPage = lazy(async () => (await import('./pages/mailboxes/mailbox-page.tsx')).MailboxPage)
const SettingsPage = lazy(async () => (await import('./pages/settings/settings-page.tsx')).SettingsPage)
const NotFoundPage = lazy(async () => (await import('./pages/not-found-page.tsx')).NotFoundPage)

const PUBLIC_PATHS: readonly string[] = ['/login', '/setup']

export function App() {
  return (
    // Downloads are links below /api: the browser follows them itself.
    <LocationProvider scope={/^\/(?!api\/)/}>
      <Gate />
    </LocationProvider>
  )
}

/** Leads to the sign-in page and back; nothing behind it is drawn, or asked for, without a session. */
function Gate() {
  const { path, url, query, route } = useLocation()
  const current = session.value
  const isPublic = PUBLIC_PATHS.includes(path)

  useEffect(() => {
    if (current.state === 'out') {
      forgetAnswers()
      if (!isPublic) route(url === '/' ? '/login' : `/login?return=${encodeURIComponent(url)}`, true)
    }
    if (current.state === 'in' && path === '/login') route(safeReturnPath(query['return']), true)
  }, [current.state, path])

  if (current.state === 'unreachable')
    return (
      <main class="page narrow">
        <ProblemBox error={current.error} retry={() => void loadSession()} />
      </main>
    )
  if (isPublic) return <Pages />
  if (current.state !== 'in') return null
  return (
    <Layout me={current.me}>
      <Pages />
    </Layout>
  )
}

function Pages() {
  const { url } = useLocation()
  const [broken, setBroken] = useState<string | null>(null)
  // Leaving the page that broke is the way out of it. A part of the site that can't be loaded after an upgrade ends here too.
  if (broken === url) return <BrokenPage />
  return (
    <ErrorBoundary onError={() => setBroken(url)}>
      <Router>
        <Route path="/" component={OverviewPage} />
        <Route path="/login" component={LoginPage} />
        <Route path="/setup" component={SetupPage} />
        <Route path="/start" component={StartPage} />
        <Route path="/sources" component={SourcesPage} />
        <Route path="/sources/:ip" component={SourcePage} />
        <Route path="/reporters" component={ReportersPage} />
        <Route path="/reports" component={ReportsPage} />
        <Route path="/reports/:id" component={ReportPage} />
        <Route path="/reports/:id/xml" component={XmlPage} />
        <Route path="/failures" component={FailuresPage} />
        <Route path="/failures/:id" component={FailurePage} />
        <Route path="/tls" component={TlsPage} />
        <Route path="/tls/:id" component={TlsReportPage} />
        <Route path="/deviations" component={DeviationsPage} />
        <Route path="/ingest" component={IngestPage} />
        <Route path="/ingest/:id" component={MailPage} />
        <Route path="/mailboxes/:id" component={MailboxPage} />
        <Route path="/settings" component={SettingsPage} />
        <Route default component={NotFoundPage} />
      </Router>
    </ErrorBoundary>
  )
}

function BrokenPage() {
  const t = words().states
  return (
    <div class="problem" role="alert">
      <p>
        <strong>{t.broken}</strong>
      </p>
      <button type="button" class="button" onClick={() => location.reload()}>
        {t.reloadPage}
      </button>
    </div>
  )
}
