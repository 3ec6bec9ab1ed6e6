import { formats, words } from '../i18n/language.ts'

/** Passing against failing as a bar and as words. */
export function ShareBar({ pass, messages }: { pass: number; messages: number }) {
  const share = formats().share(pass, messages)
  return (
    <span class="share">
      <span class="share-text">{share}</span>
      <meter class="share-meter" min={0} max={Math.max(messages, 1)} value={pass} aria-label={words().overview.passShare}>
        {share}
      </meter>
    </span>
  )
}
