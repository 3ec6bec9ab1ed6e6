/** A sentence with holes: text, and what fills the holes (plain text in mails, elements on a page). */
export type Parts<T> = (string | T)[]
