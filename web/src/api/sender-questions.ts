import type {
  DecisionAnswer,
  DecisionRequest,
  Filter,
  PublishedDns,
  SenderDetail,
  SenderItem,
  SenderQuery,
  SenderRuleItem,
  SenderSource,
  SenderSummary,
} from '@ruadar/contract'
import { ask } from './client.ts'
import { type Listed, type Paged, question, segment } from './questions.ts'

export type SenderSort = NonNullable<SenderQuery['sort']>

export const senders = (filter: Filter, { state, kind, undecided, task, sort }: SenderQuery, limit = 50) =>
  question<Paged<SenderItem>>('/senders', { ...filter, state, kind, undecided: undecided ? 'true' : undefined, task, sort, limit })
export const senderSummary = (filter: Filter) => question<SenderSummary>('/senders/summary', filter)
export const sender = (id: string, filter: Filter) => question<SenderDetail>(`/senders/${segment(id)}`, filter)
export const senderSources = (id: number, filter: Filter) =>
  question<Paged<SenderSource>>(`/senders/${id}/sources`, { ...filter, limit: 50 })
export const senderRules = () => question<Listed<SenderRuleItem>>('/sender-rules')

/** Says what senders are to a domain, or to every domain they send as; the ids take it back. */
export const decide = (body: DecisionRequest): Promise<DecisionAnswer> => ask('/decisions', { method: 'POST', body })
export const undoDecisions = (ids: number[]): Promise<void> => ask('/decisions/undo', { method: 'POST', body: { decisions: ids } })

/** Asked only on demand: the answer waits for name servers. */
export const publishedDns = (domain: string, senderId: number) => question<PublishedDns>('/dns', { domain, sender: senderId })
