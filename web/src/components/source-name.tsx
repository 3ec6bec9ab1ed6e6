import { words } from '../i18n/language.ts'
import { Name } from './name.tsx'

/** Rows whose reporter left the address out are gathered under this one. */
const UNKNOWN_SOURCE = '::'

/** A source's address, as code. */
export function SourceName({ value }: { value: string | null }) {
  if (value === null || value === UNKNOWN_SOURCE) return <span class="muted">{words().sources.unknownSource}</span>
  return (
    <span class="mono">
      <Name value={value} />
    </span>
  )
}
