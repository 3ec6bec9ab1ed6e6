import type { ApiError } from '../api/client.ts'
import { words } from '../i18n/language.ts'

/** What went wrong, in the reader's language when the code is known, else as the server said it. */
export function problemSentence(error: ApiError): string {
  const known: Record<string, string> = words().problems
  return known[error.code] ?? error.detail
}
