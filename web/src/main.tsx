import './styles/index.css'
import { render } from 'preact'
import { App } from './app.tsx'
import { speak } from './i18n/language.ts'
import { startTheme, storedLanguage } from './state/preferences.ts'
import { loadSession } from './state/session.ts'

startTheme()
await Promise.all([speak(storedLanguage()), loadSession()])
const root = document.getElementById('app')
if (root) render(<App />, root)
