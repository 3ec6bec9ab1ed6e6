/**
 * A name from a report as it may stand inside a line of text, whoever shows it: no control, line break, direction or invisible
 * character, no address that a program turns into a link, no @name or #name that calls somebody, and no longer than a person reads.
 */
export function plainName(text: string, maxLength = 120): string {
  const line = text
    .normalize('NFC')
    // Cc, Cf (directions, zero widths, tags), separators of lines, and half surrogates.
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll('://', `:${joiner}//`)
    .replaceAll(/(?<=(?:^|\W)[@#/])(?=\w)/g, joiner)
  const characters = [...line]
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : line
}

/** Shows nothing and breaks no line, and yet ends what programs take for a link or a mention. */
const joiner = '\u2060'
