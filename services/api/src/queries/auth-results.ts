import type { Static } from 'typebox'
import type { AuthDkim, AuthSpf } from '@ruadar/contract'
import { type AlignmentMode, isAligned } from '@ruadar/dmarc'

/** Authentication results as `auth_sets` keeps them. A domain that the reporter left out is empty. */
export interface StoredAuth {
  dkim: { domain: string; selector: string | null; result: string; humanResult: string | null }[]
  spf: { domain: string; scope: string | null; result: string; humanResult: string | null }[]
}

/** `r` unless the record says `s`. */
export function alignmentMode(tag: string | null | undefined): AlignmentMode {
  return tag === 's' ? 's' : 'r'
}

/** The results with, for each domain, whether it matches the Author Domain under the policy's mode. */
export function toAuthResults(auth: StoredAuth, headerFrom: string, policy: { adkim?: string | null; aspf?: string | null } | null) {
  const adkim = alignmentMode(policy?.adkim)
  const aspf = alignmentMode(policy?.aspf)
  const authDkim: Static<typeof AuthDkim>[] = auth.dkim.map((it) => ({
    domain: it.domain || null,
    selector: it.selector,
    result: it.result,
    humanResult: it.humanResult,
    aligned: isAligned(it.domain, headerFrom, adkim),
  }))
  const authSpf: Static<typeof AuthSpf>[] = auth.spf.map((it) => ({
    domain: it.domain || null,
    scope: it.scope,
    result: it.result,
    humanResult: it.humanResult,
    aligned: isAligned(it.domain, headerFrom, aspf),
  }))
  return { authDkim, authSpf }
}
