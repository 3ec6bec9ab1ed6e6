import type { Survey } from '../xml/survey.ts'
import type { Dialect, PublishedPolicy } from './types.ts'

const RFC9990_NAMESPACE = 'urn:ietf:params:xml:ns:dmarc-2.0'

/**
 * Which standard a report looks like (report-formats.md 1.1): a label for display, no field is read by it.
 * Neither `version` (RFC 9990 says 1.0) nor `np` (Google has it in older reports since 2023) proves anything.
 */
export function dialectOf(survey: Pick<Survey, 'root' | 'hasExtension'>, generator: string | null, policy: PublishedPolicy): Dialect {
  const looksNew =
    survey.root.namespace === RFC9990_NAMESPACE ||
    survey.hasExtension ||
    generator !== null ||
    policy.testing !== null ||
    policy.discoveryMethod !== null
  return looksNew ? 'rfc9990' : 'rfc7489'
}
