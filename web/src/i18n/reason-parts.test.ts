import { describe, expect, it } from 'vitest'
import { adviceFor } from './advice.ts'
import { en } from './en.ts'
import { joinParts } from './parts.ts'
import { reasonParts } from './reason-parts.ts'
import { ru } from './ru.ts'

/** As `explain` of @ruadar/dmarc gives them. */
const CODES = {
  dkim: ['not_signed', 'signed_by_other_domain', 'signature_failed', 'strict_alignment', 'dns_error'],
  spf: ['passes_for_other_domain', 'not_permitted', 'no_record', 'strict_alignment', 'dns_error', 'not_reported'],
} as const

const holes = { domain: 'esp.example', from: 'example.com', result: 'fail' }
const sentence = (mechanism: 'dkim' | 'spf', code: string, given: typeof holes | { domain: null; from: string; result: null } = holes) =>
  joinParts(reasonParts<string>(en.reasons, { mechanism, code }, given))

describe('reasons', () => {
  it('say who signed instead of whom', () => {
    expect(sentence('dkim', 'signed_by_other_domain')).toBe('Signed by esp.example instead of example.com, so DKIM does not align.')
    expect(sentence('spf', 'passes_for_other_domain')).toBe('Passes for esp.example instead of example.com, so SPF does not align.')
  })

  it('name the raw result where it is what went wrong', () => {
    expect(sentence('spf', 'not_permitted', { ...holes, result: 'softfail' })).toContain('(softfail)')
  })

  for (const [language, catalogue] of Object.entries({ en, ru })) {
    for (const mechanism of ['dkim', 'spf'] as const) {
      for (const code of CODES[mechanism]) {
        it(`are whole sentences in ${language}: ${mechanism} ${code}`, () => {
          const full = joinParts(reasonParts<string>(catalogue.reasons, { mechanism, code }, holes))
          const bare = joinParts(
            reasonParts<string>(catalogue.reasons, { mechanism, code }, { domain: null, from: 'example.com', result: null }),
          )
          for (const text of [full, bare]) {
            expect(text).toMatch(/^\S.*\.$/)
            expect(text).not.toMatch(/null|undefined|\(\)|_|\s{2}/)
          }
        })
      }
    }
  }

  it('show a code that is not known as it is', () => {
    expect(sentence('dkim', 'new_code')).toBe('new_code: esp.example')
    expect(sentence('dkim', 'constructor', { domain: null, from: 'example.com', result: null })).toBe('constructor')
  })
})

describe('advice', () => {
  it('fits the reasons and ends with the case that the sender is not ours', () => {
    const reasons = [
      { mechanism: 'dkim', code: 'signed_by_other_domain' },
      { mechanism: 'spf', code: 'passes_for_other_domain' },
      { mechanism: 'spf', code: 'not_permitted' },
    ] as const
    expect(adviceFor(en.advice, reasons)).toEqual([en.advice.sign_as_author, en.advice.own_return_path, en.advice.not_yours])
  })

  it('is silent when there is nothing to say', () => {
    expect(adviceFor(en.advice, [])).toEqual([])
    expect(adviceFor(en.advice, [{ mechanism: 'spf', code: 'not_reported' }])).toEqual([])
  })
})
