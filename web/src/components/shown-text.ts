/**
 * Control characters, bidirectional controls, zero-width characters, line separators and lone surrogates: what can make a
 * name look like another one. Tab and line breaks are left to CSS.
 */
const TREACHEROUS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const LONGEST = 2000

/** Text from a report as it may be shown: treacherous characters are named in place, endless text is cut. */
export function shownText(value: string): string {
  const bounded = value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value
  return bounded.replace(TREACHEROUS, (char) => `‹U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`)
}
