import { batch, computed, signal } from '@preact/signals'
import { type Language, storeLanguage } from '../state/preferences.ts'
import type { Catalogue } from './en.ts'
import { type Formats, makeFormats } from './format.ts'
import type { SenderCatalogue } from './senders-en.ts'

const loaders: { [L in Language]: () => Promise<Catalogue> } = {
  en: async () => (await import('./en.ts')).en,
  ru: async () => (await import('./ru.ts')).ru,
}

/** The words of the pages about senders and alerts, which the first page can do without. */
const senderLoaders: { [L in Language]: () => Promise<SenderCatalogue> } = {
  en: async () => (await import('./senders-en.ts')).senderWordsEn,
  ru: async () => (await import('./senders-ru.ts')).senderWordsRu,
}

export const language = signal<Language>('en')
const catalogue = signal<Catalogue | undefined>(undefined)
const senderCatalogue = signal<SenderCatalogue | undefined>(undefined)
const currentFormats = computed(() => makeFormats(language.value))

/** Loads a catalogue and shows it. Pages are drawn only after the first one is there. */
export async function speak(wanted: Language): Promise<void> {
  const [loaded, further] = await Promise.all([loaders[wanted](), senderCatalogue.value && senderLoaders[wanted]()])
  batch(() => {
    language.value = wanted
    catalogue.value = loaded
    senderCatalogue.value = further
  })
  document.documentElement.lang = wanted
}

/** Loads the words of the pages about senders and alerts; they are there before such a page is drawn. */
export async function speakOfSenders(): Promise<void> {
  while (senderCatalogue.value === undefined) {
    const wanted = language.value
    const loaded = await senderLoaders[wanted]()
    if (wanted === language.value) senderCatalogue.value = loaded
  }
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

/** The words of the pages about senders, alerts and channels. */
export function senderWords(): SenderCatalogue {
  if (senderCatalogue.value === undefined) throw new Error('a page was drawn before its words were loaded')
  return senderCatalogue.value
}

export const formats = (): Formats => currentFormats.value
