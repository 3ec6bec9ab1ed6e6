import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { ru } from './ru.ts'
import { senderWordsEn } from './senders-en.ts'
import { senderWordsRu } from './senders-ru.ts'

type Tree = { [key: string]: string | ((...args: never[]) => unknown) | Tree }

function textsOf(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] => {
    const here = path ? `${path}.${key}` : key
    if (typeof value === 'string') return [[here, value]]
    return typeof value === 'function' ? [] : textsOf(value, here)
  })
}

function shapeOf(tree: Tree, path = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const here = path ? `${path}.${key}` : key
    return typeof value === 'object' ? shapeOf(value, here) : [`${here}: ${typeof value}`]
  })
}

/** Words that are the same in both languages: names, and what is written so in DNS. */
const SAME =
  /\.(dkim|spf|dmarc|adsp|gmail|microsoft365|tls|\/tls|tlsa|sts|starttls|oauth2|mailPart|slack|teams|telegram|discord|ntfy|share)$/

describe.each([
  ['of every page', en, ru],
  ['of the pages about senders', senderWordsEn, senderWordsRu],
])('the catalogues %s', (_name, english, russian) => {
  it('have the same entries', () => {
    expect(shapeOf(russian as unknown as Tree).toSorted()).toEqual(shapeOf(english as unknown as Tree).toSorted())
  })

  it('leave nothing empty', () => {
    const texts = [...textsOf(english as unknown as Tree), ...textsOf(russian as unknown as Tree)]
    expect(texts.filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it('are in Russian where they say so', () => {
    const untranslated = textsOf(russian as unknown as Tree).filter(([path, text]) => !/[а-яё]/i.test(text) && !SAME.test(path))
    expect(untranslated).toEqual([])
  })
})

describe('plurals', () => {
  const plain = (text: string) => text.replaceAll('\u00a0', ' ')

  it('follow the rules of English', () => {
    expect([0, 1, 2, 1200].map(en.standing.messages)).toEqual(['0 messages', '1 message', '2 messages', '1,200 messages'])
  })

  it('follow the rules of Russian', () => {
    const expected = ['0 писем', '1 письмо', '2 письма', '5 писем', '11 писем', '21 письмо', '104 письма', '1 200 писем']
    expect([0, 1, 2, 5, 11, 21, 104, 1200].map((count) => plain(ru.standing.messages(count)))).toEqual(expected)
  })
})
