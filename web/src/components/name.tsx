import { shownText } from './shown-text.ts'
import { webAddress } from './web-address.ts'

/** A name, address or identifier that came from a report: isolated for bidirectional text, never interpreted. */
export function Name({ value, none = '–' }: { value: string | null | undefined; none?: string }) {
  if (value === null || value === undefined || value === '') return <span class="muted">{none}</span>
  return <bdi class="name">{shownText(value)}</bdi>
}

/** Free text that may be a web address. Only http and https become a link. */
export function ReportedText({ value }: { value: string }) {
  const address = webAddress(value)
  if (address === null) return <Name value={value} />
  return (
    <a href={address} rel="noopener noreferrer nofollow external" target="_blank">
      <Name value={value} />
    </a>
  )
}
