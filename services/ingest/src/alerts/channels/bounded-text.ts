/** Cuts a text to so many UTF-16 units, as the media count them, without cutting a character in two. */
export function boundedText(text: string, most: number): string {
  if (text.length <= most) return text
  let cut = ''
  for (const character of text) {
    if (cut.length + character.length > most - 1) break
    cut += character
  }
  return `${cut}…`
}
