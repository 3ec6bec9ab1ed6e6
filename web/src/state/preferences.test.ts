import { expect, it } from 'vitest'
import { preferredLanguage } from './preferences.ts'

it('speaks the first language of the browser that it knows, else English', () => {
  expect(preferredLanguage(['ru-RU', 'en'])).toBe('ru')
  expect(preferredLanguage(['de', 'ru'])).toBe('ru')
  expect(preferredLanguage(['de-AT', 'fr'])).toBe('en')
  expect(preferredLanguage([])).toBe('en')
})
