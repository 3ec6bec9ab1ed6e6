/** One finding of `ruadar doctor`. */
export interface Finding {
  what: string
  ok: boolean
  /** What was found, or what is wrong and what to do. */
  message: string
}

export const good = (what: string, message: string): Finding => ({ what, ok: true, message })
export const bad = (what: string, message: string): Finding => ({ what, ok: false, message })
