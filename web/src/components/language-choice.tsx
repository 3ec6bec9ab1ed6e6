import { chooseLanguage, language, words } from '../i18n/language.ts'
import { LANGUAGES } from '../state/preferences.ts'
import { ChoiceField } from './form.tsx'

/** Each language under its own name, so that everybody finds theirs. */
const NAMES = { en: 'English', ru: 'Русский' } as const

export function LanguageChoice() {
  return (
    <ChoiceField
      label={words().settings.language}
      value={language.value}
      options={LANGUAGES.map((code) => [code, NAMES[code]] as const)}
      onChoose={(code) => void chooseLanguage(code)}
    />
  )
}
