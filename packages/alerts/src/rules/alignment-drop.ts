import { addDays, sumOf } from '../days.ts'
import type { DomainHistory, SenderHistory } from '../history.ts'
import type { DomainRule, Finding } from '../rule.ts'

const recentDays = 3
const usualDays = 28

type Names = 'minimumMessages' | 'drop'

/** An own or approved sender whose mail aligns less than in the four weeks before; over when it aligns as before. */
export const alignmentDrop: DomainRule<'alignment_drop', Names, Pick<DomainHistory, 'senders'>> = {
  rule: 'alignment_drop',
  settings: {
    minimumMessages: { default: 30, minimum: 1, maximum: 1_000_000, unit: 'messages' },
    drop: { default: 0.2, minimum: 0.01, maximum: 1, unit: 'share' },
  },
  tolerance: 7,
  decide({ senders }, settings) {
    return senders.filter(({ state }) => state === 'own' || state === 'approved').flatMap((sender) => episodes(sender, settings))
  },
}

function episodes(
  { id, name, days }: SenderHistory,
  { minimumMessages, drop }: Readonly<Record<Names, number>>,
): Finding<'alignment_drop'>[] {
  const findings: Finding<'alignment_drop'>[] = []
  let open: Finding<'alignment_drop'> | undefined
  for (const { day } of days) {
    const recent = sumOf(days, addDays(day, 1 - recentDays), addDays(day, 1))
    if (recent.messages < minimumMessages) continue
    const share = recent.pass / recent.messages
    if (open) {
      if (share < open.facts.usualShare - drop / 2) continue
      open.isOver = true
      open = undefined
      continue
    }
    const usual = sumOf(days, addDays(day, 1 - recentDays - usualDays), addDays(day, 1 - recentDays))
    if (usual.messages < minimumMessages) continue
    const usualShare = usual.pass / usual.messages
    if (usualShare - share < drop) continue
    open = {
      rule: 'alignment_drop',
      subject: `sender:${id}:`,
      senderId: id,
      day,
      facts: { sender: name, share, usualShare, messages: recent.messages, failing: recent.messages - recent.pass },
      isOver: false,
    }
    findings.push(open)
  }
  return findings
}
