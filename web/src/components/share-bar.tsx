import { formats } from '../i18n/language.ts'

/** Passing against failing, as a number and as a bar; of nothing there is no bar. It only repeats the number, so screen readers skip it. */
export function ShareBar({ pass, messages }: { pass: number; messages: number }) {
  return (
    <span class="share">
      <span class="share-text">{formats().share(pass, messages)}</span>
      {messages > 0 && (
        <svg class="share-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
          <rect class="share-fail" width="100" height="8" />
          <rect class="share-pass" width={barWidth(pass, messages)} height="8" />
        </svg>
      )}
    </span>
  )
}

/** Of 100. What is not all, or not nothing, stays visible as such. */
function barWidth(pass: number, messages: number): number {
  if (pass === 0) return 0
  if (pass === messages) return 100
  return Math.min(97, Math.max(3, (pass / messages) * 100))
}
