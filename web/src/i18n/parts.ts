/**
 * A sentence with holes. A catalogue says where the holes stand, the page says what fills them: plain text in tests and
 * tables of text, elements (a link, an isolated name) on the page.
 */
export type Parts<T> = (string | T)[]

/** The sentence as text. */
export const joinParts = (parts: Parts<string>): string => parts.join('')
