import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { failureParts } from './failure-parts.ts'
import { joinParts } from './parts.ts'
import { ru } from './ru.ts'

const none = { authFailure: null, feedbackType: null, deliveryResult: null }
const holes = { source: '192.0.2.1', domain: 'example.com', word: (value: string) => value }
const sentence = (said: Partial<typeof none | Record<keyof typeof none, string>>, catalogue = en) =>
  joinParts(failureParts<string>(catalogue.failureSentences, { ...none, ...said }, holes))

describe('what a failure report says', () => {
  it('names source, domain, what failed and what became of the message', () => {
    expect(sentence({ authFailure: 'dmarc', deliveryResult: 'reject' })).toBe(
      'A message from 192.0.2.1 in the name of example.com fails DMARC. It was rejected.',
    )
  })

  it('leaves out what the report leaves out', () => {
    const parts = failureParts<string>(en.failureSentences, none, { ...holes, source: null, domain: null })
    expect(joinParts(parts)).toBe('A message fails a check, but the report does not say which. What became of it is not said.')
  })

  it('shows words outside the standard as the reporter wrote them', () => {
    expect(sentence({ authFailure: 'arc', deliveryResult: 'smg-policy-action' })).toBe(
      'A message from 192.0.2.1 in the name of example.com fails what the reporter calls “arc”. What became of it: “smg-policy-action”.',
    )
    expect(sentence({ authFailure: 'constructor' })).toContain('“constructor”')
  })

  it('tells a complaint from a failure', () => {
    expect(sentence({ feedbackType: 'abuse' })).toContain('was called spam by its recipient')
    expect(sentence({ feedbackType: 'auth-failure' })).toContain('fails a check')
  })

  it('does not take redaction for a result', () => {
    expect(sentence({ authFailure: 'spf', deliveryResult: 'other' })).toContain('What became of it is not said.')
  })

  for (const [language, catalogue] of Object.entries({ en, ru })) {
    it(`is made of whole sentences in ${language}`, () => {
      const { faults, complaints, results } = catalogue.failureSentences
      const texts = [
        ...Object.keys(faults).map((authFailure) => sentence({ authFailure }, catalogue)),
        ...Object.keys(complaints).map((feedbackType) => sentence({ feedbackType }, catalogue)),
        ...Object.keys(results).map((deliveryResult) => sentence({ authFailure: 'spf', deliveryResult }, catalogue)),
      ]
      for (const text of texts) {
        expect(text).toMatch(/^\p{Lu}.*[^.]\. \p{Lu}.*\.$/u)
        expect(text).not.toMatch(/null|undefined|_|\s{2}|\.\./)
      }
    })
  }
})
