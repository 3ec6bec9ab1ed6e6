import { describe, expect, it } from 'vitest'
import { type DiagnosisFacts, diagnosisCodes } from '../diagnosis.ts'
import { repair } from '../repair.ts'
import { diagnosisParts, diagnosisText, diagnosisTitle, proposalText, stepText } from './index.ts'

const facts: DiagnosisFacts = {
  domain: 'example.com',
  from: 'news.example.com',
  sender: 'ESP',
  state: 'approved',
  dkimReason: 'signed_by_other_domain',
  spfReason: 'passes_for_other_domain',
  signer: 'esp.example',
  selector: 'k1',
  bounce: 'bounces.esp.example',
  failingReporters: 2,
  passingReporters: 3,
  reporters: ['google.com', 'mx.example'],
  policyTag: 'sp',
  policy: 'reject',
  mechanism: 'dkim',
  addresses: ['192.0.2.1', '192.0.2.2'],
  moreAddresses: 4,
}
const languages = ['en', 'ru'] as const

describe.each(languages)('the words in %s', (language) => {
  it('say every cause in whole sentences, with nothing left open', () => {
    const texts = diagnosisCodes.map((code) => diagnosisText(language, code, facts))
    for (const text of texts) expect(text).toMatch(/^[^a-zа-я ].*\.$|^[a-z.]+ .*\.$/)
    for (const text of texts) expect(text).not.toMatch(/undefined|null|…|\. ?\.|  /)
    expect(new Set(texts).size).toBe(diagnosisCodes.length)
  })

  it('say every cause and step with the facts that a bare report leaves', () => {
    const bare: DiagnosisFacts = {
      domain: 'example.com',
      from: 'example.com',
      sender: 'ESP',
      state: 'unknown',
      failingReporters: 0,
      reporters: [],
    }
    for (const code of diagnosisCodes) {
      expect(diagnosisText(language, code, bare)).not.toMatch(/undefined|null|  /)
      for (const step of repair(code, bare, null, { domain: 'example.com' }).steps) {
        expect(stepText(language, step.code, step.facts)).toMatch(/\.$/)
        expect(stepText(language, step.code, step.facts)).not.toMatch(/undefined|null|  /)
      }
    }
  })

  it('have a short title for every cause', () => {
    for (const code of diagnosisCodes) expect(diagnosisTitle(language, code)).toMatch(/^\S.{5,45}$/)
  })

  it('give holes to whoever shows foreign text', () => {
    const parts = diagnosisParts(language, 'signed_by_service', facts, { name: (text) => ({ text }), code: (text) => ({ text }) })
    expect(parts.filter((part) => typeof part !== 'string')).toEqual([
      { text: 'esp.example' },
      { text: 'news.example.com' },
      { text: 'bounces.esp.example' },
    ])
  })
})

it('a code that is not known is shown as it is', () => {
  expect(diagnosisText('en', 'constructor', {})).toBe('constructor')
  expect(stepText('ru', 'new_step', {})).toBe('new_step')
  expect(proposalText('en', 'toString', {})).toBe('toString')
})

it('reasons of a proposal count their messages', () => {
  expect(proposalText('en', 'control_proven', { passing: 1200, messages: 1300 })).toBe(
    'It has keys or addresses of your domain. Pass DMARC: 1,200 of 1,300.',
  )
  expect(proposalText('ru', 'few_messages', { messages: 7 })).toBe('Писем мало, всего: 7.')
})
