import { Page, Section } from '../../components/page.tsx'
import { ChoiceField } from '../../components/form.tsx'
import { LanguageChoice } from '../../components/language-choice.tsx'
import { words } from '../../i18n/language.ts'
import { THEMES, theme } from '../../state/preferences.ts'
import { signOut } from '../../state/session.ts'
import { AddressesSection } from './addresses-section.tsx'
import { PasswordSection } from './password-section.tsx'
import { SenderRulesSection } from './sender-rules-section.tsx'
import { TokensSection } from './tokens-section.tsx'

export function SettingsPage() {
  const t = words().settings
  return (
    <Page
      title={t.title}
      actions={
        <button type="button" class="button" onClick={() => void signOut()}>
          {words().nav.signOut}
        </button>
      }
    >
      <div class="columns">
        <Section title={t.appearance} hint={t.appearanceHint}>
          <div class="form-row">
            <LanguageChoice />
            <ChoiceField
              label={t.theme}
              value={theme.value}
              options={THEMES.map((value) => [value, t.themes[value]] as const)}
              onChoose={(value) => {
                theme.value = value
              }}
            />
          </div>
        </Section>
        <PasswordSection />
      </div>
      <SenderRulesSection />
      <AddressesSection />
      <TokensSection />
    </Page>
  )
}
