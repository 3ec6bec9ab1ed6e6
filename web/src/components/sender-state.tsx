import type { SenderState } from '@ruadar/contract'
import { words } from '../i18n/language.ts'
import { Badge, type Tone } from './badges.tsx'

const TONES: { [S in SenderState]: Tone } = { own: 'good', approved: 'good', forwarder: 'quiet', unknown: 'warn', rejected: 'bad' }

/** What a sender is to a domain. */
export const SenderStateBadge = ({ value }: { value: SenderState }) => <Badge tone={TONES[value]}>{words().senderStates[value]}</Badge>

/** The word for a kind of sender; a kind that this page does not know yet is shown as it is. */
export function senderKind(kind: string): string {
  const known: Record<string, string> = words().senderKinds
  return Object.hasOwn(known, kind) ? (known[kind] ?? kind) : kind
}
