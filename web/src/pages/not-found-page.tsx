import { Page } from '../components/page.tsx'
import { words } from '../i18n/language.ts'

export function NotFoundPage() {
  const t = words().notFound
  return (
    <Page title={t.title}>
      <p>{t.text}</p>
      <p>
        <a class="button" href="/">
          {t.home}
        </a>
      </p>
    </Page>
  )
}
