import { shownText } from '../../components/shown-text.ts'

/** A record's text as it may be shown, cut at its holes: `{account}` is what a service makes for each customer. */
export function recordPieces(text: string): { text: string; isHole: boolean }[] {
  return shownText(text)
    .split(/(\{[^{}]{1,60}\})/)
    .filter((piece) => piece !== '')
    .map((piece) => ({ text: piece, isHole: piece.startsWith('{') && piece.endsWith('}') }))
}
