import { computed, signal } from '@preact/signals'
import { type Language, storeLanguage } from '../state/preferences.ts'
import type { Catalogue } from './en.ts'
import { type Formats, makeFormats } from './format.ts'

const loaders: { [L in Language]: () => Promise<Catalogue> } = {
  en: async () => (await import('./en.ts')).en,
  ru: async () => (await import('./ru.ts')).ru,
}

export const language = signal<Language>('en')
const catalogue = signal<Catalogue | undefined>(undefined)
const currentFormats = computed(() => makeFormats(language.value))

/** Loads a catalogue and shows it. Pages are drawn only after the first one is there. */
export async function speak(wanted: Language): Promise<void> {
  const loaded = await loaders[wanted]()
  language.value = wanted
  catalogue.value = loaded
  document.documentElement.lang = wanted
}

/** What a person picks is kept; what the browser prefers is asked anew each time. */
export async function chooseLanguage(wanted: Language): Promise<void> {
  await speak(wanted)
  storeLanguage(wanted)
}

/** The words of the current language; a component that asks is drawn again when the language changes. */
export function words(): Catalogue {
  if (catalogue.value === undefined) throw new Error('a page was drawn before its language was loaded')
  return catalogue.value
}

export const formats = (): Formats => currentFormats.value
