import { effect, signal } from '@preact/signals'

export const LANGUAGES = ['en', 'ru'] as const
export type Language = (typeof LANGUAGES)[number]
export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** A browser may forbid storage; the choice then lasts as long as the page. */
function stored<T extends string>(key: string, allowed: readonly T[]): T | undefined {
  try {
    const value = localStorage.getItem(key)
    return allowed.find((item) => item === value)
  } catch {
    return undefined
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // See `stored`.
  }
}

/** The first language of the browser that we speak, else English. */
export function preferredLanguage(languages: readonly string[]): Language {
  for (const language of languages) {
    const known = LANGUAGES.find((item) => item === language.toLowerCase().split('-')[0])
    if (known) return known
  }
  return 'en'
}

export const theme = signal<Theme>('system')

export const storedLanguage = (): Language => stored('ruadar.language', LANGUAGES) ?? preferredLanguage(navigator.languages)
export const storeLanguage = (language: Language): void => store('ruadar.language', language)

/** Keeps `data-theme` of the root element and the storage in step with `theme`. */
export function startTheme(): void {
  theme.value = stored('ruadar.theme', THEMES) ?? 'system'
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value
    store('ruadar.theme', theme.value)
  })
}
