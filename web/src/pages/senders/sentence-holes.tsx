import type { ComponentChild } from 'preact'
import { Name } from '../../components/name.tsx'
import { shownText } from '../../components/shown-text.ts'

/** How the holes of a sentence about a sender are shown. */
export const sentenceHoles: { name(text: string): ComponentChild; code(text: string): ComponentChild } = {
  name: (text) => <Name value={text} />,
  code: (text) => <code>{shownText(text)}</code>,
}
