import { catalogue } from './catalogue.ts'

// To be raised when identification itself changes what it answers: the data speaks for itself.
const IDENTIFICATION = 2

/** Changes whenever the same source could get another name than before, so that history is identified anew. */
export const catalogueVersion = `${IDENTIFICATION}-${fingerprint(JSON.stringify(catalogue))}`

/** FNV-1a with 32 bits, from both ends: no cryptography is needed to see that a text changed. */
function fingerprint(text: string): string {
  let forward = 0x811c9dc5
  let backward = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) {
    forward = Math.imul(forward ^ text.charCodeAt(at), 0x01000193)
    backward = Math.imul(backward ^ text.charCodeAt(text.length - 1 - at), 0x01000193)
  }
  return [forward, backward].map((hash) => (hash >>> 0).toString(16).padStart(8, '0')).join('')
}
