import { words } from '../i18n/language.ts'

/** A kind of deviation in words; a code that the catalogue does not know stands for itself. */
export function DeviationName({ code }: { code: string }) {
  const known: Record<string, string> = words().warnings
  return Object.hasOwn(known, code) ? <>{known[code]}</> : <code>{code}</code>
}
