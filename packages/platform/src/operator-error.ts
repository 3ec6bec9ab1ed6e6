/**
 * Something that only the operator can mend: a wrong setting, a server that does not answer, a folder that can't be written.
 * `message` is one sentence that says what is wrong, `hint` one that says what to do. Processes print both and exit with 1.
 */
export class OperatorError extends Error {
  override name = 'OperatorError'
  readonly hint: string | undefined
  constructor(message: string, hint?: string, options?: { cause?: unknown }) {
    super(message, options)
    this.hint = hint
  }
}

/** The text that a person sees: both sentences of an OperatorError, the message alone of anything else. */
export function describeError(error: unknown): string {
  if (error instanceof OperatorError) return error.hint ? `${error.message} ${error.hint}` : error.message
  return error instanceof Error ? error.message : String(error)
}
