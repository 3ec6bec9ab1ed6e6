import type { AlertItem, AlertState } from '@ruadar/contract'
import { alertTextParts, alertTitleParts, alertWords, type Parts } from '@ruadar/alerts/words'
import type { ComponentChild } from 'preact'
import { Badge, type Tone } from '../../components/badges.tsx'
import { Name } from '../../components/name.tsx'
import { language, senderWords } from '../../i18n/language.ts'

type Sentence = typeof alertTitleParts<ComponentChild>

/** The sentence in the language of the page; what the page has no words for (an older page, a newer server) as the server said it. */
function told(sentence: Sentence, item: AlertItem): Parts<ComponentChild> {
  try {
    const notice = { ...item, alertId: item.id } as unknown as Parameters<Sentence>[1]
    return sentence(language.value, notice, (text) => <Name value={text} />)
  } catch {
    return [<Name value={item.text} />]
  }
}

export const AlertTitle = ({ item }: { item: AlertItem }) => <>{told(alertTitleParts, item)}</>
export const AlertText = ({ item }: { item: AlertItem }) => <>{told(alertTextParts, item)}</>

export function ruleName(rule: string): string {
  const known: Partial<Record<string, { name: string }>> = alertWords[language.value].rules
  return (Object.hasOwn(known, rule) ? known[rule]?.name : undefined) ?? rule
}
export function ruleAbout(rule: string): string {
  const known: Partial<Record<string, { about: string }>> = alertWords[language.value].rules
  return (Object.hasOwn(known, rule) ? known[rule]?.about : undefined) ?? ''
}

const TONES: { [S in AlertState]: Tone } = {
  open: 'warn',
  acknowledged: 'quiet',
  snoozed: 'quiet',
  closed: 'good',
  learnt: 'quiet',
  withdrawn: 'quiet',
}

export const AlertStateBadge = ({ value }: { value: AlertState }) => <Badge tone={TONES[value]}>{senderWords().alerts.states[value]}</Badge>
