import { ErrorBoundary, LocationProvider, lazy, Route, Router, useLocation } from 'preact-iso'
import { useEffect, useState } from 'preact/hooks'
import { forgetAnswers } from './api/query.ts'
import { Layout } from './components/layout.tsx'
import { ProblemBox } from './components/states.tsx'
import { speakOfSenders, words } from './i18n/language.ts'
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
const SettingsPage = lazy(async () => (await withSenderWords(import('./pages/settings/settings-page.tsx'))).SettingsPage)
/** Pages about senders and alerts have words of their own, which are loaded with the first of them. */
async function withSenderWords<Pages>(loading: Promise<Pages>): Promise<Pages> {
  const [pages] = await Promise.all([loading, speakOfSenders()])
  return pages
}
const SendersPage = lazy(async () => (await withSenderWords(import('./pages/senders/senders-page.tsx'))).SendersPage)
const SenderPage = lazy(async () => (await withSenderWords(import('./pages/senders/sender-page.tsx'))).SenderPage)
const InboxPage = lazy(async () => (await withSenderWords(import('./pages/inbox/inbox-page.tsx'))).InboxPage)
const AlertsPage = lazy(async () => (await withSenderWords(import('./pages/alerts/alerts-page.tsx'))).AlertsPage)
const AlertPage = lazy(async () => (await withSenderWords(import('./pages/alerts/alert-page.tsx'))).AlertPage)
const RulesPage = lazy(async () => (await withSenderWords(import('./pages/alerts/rules-page.tsx'))).RulesPage)
const ChannelsPage = lazy(async () => (await withSenderWords(import('./pages/channels/channels-page.tsx'))).ChannelsPage)
const ChannelPage = lazy(async () => (await withSenderWords(import('./pages/channels/channel-page.tsx'))).ChannelPage)
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
        <Route path="/senders" component={SendersPage} />
        <Route path="/senders/:id" component={SenderPage} />
        <Route path="/inbox" component={InboxPage} />
        <Route path="/alerts" component={AlertsPage} />
        <Route path="/alerts/rules" component={RulesPage} />
        <Route path="/alerts/channels" component={ChannelsPage} />
        <Route path="/alerts/channels/:id" component={ChannelPage} />
        <Route path="/alerts/:id" component={AlertPage} />
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
