import { addDays } from '../days.ts'
import type { DomainHistory, SenderHistory } from '../history.ts'
import type { DomainRule, Finding } from '../rule.ts'

/**
 * A sender that a domain did not have before. The domain's first days are learnt in silence. Forwarders, scanners and what looks like
 * forgery are left out, and what a person has decided on; aligned passes are noted. So are bare addresses that never pass: one alert
 * for each would be a storm, the rule about forged mail sums them up. It fires on the day on which the sender has sent often and
 * enough, or very much at once.
 */
export const newSender: DomainRule<
  'new_sender',
  'learnDays' | 'minimumMessages' | 'minimumDays' | 'atOnceMessages',
  Pick<DomainHistory, 'senders' | 'firstDay'>
> = {
  rule: 'new_sender',
  settings: {
    learnDays: { default: 14, minimum: 0, maximum: 365, unit: 'days' },
    minimumMessages: { default: 10, minimum: 1, maximum: 1_000_000, unit: 'messages' },
    minimumDays: { default: 2, minimum: 1, maximum: 30, unit: 'days' },
    atOnceMessages: { default: 200, minimum: 1, maximum: 10_000_000, unit: 'messages' },
  },
  tolerance: Number.POSITIVE_INFINITY,
  decide({ senders, firstDay }, settings) {
    const learnt = addDays(firstDay, settings.learnDays)
    return senders.flatMap((sender): Finding<'new_sender'>[] => {
      if (sender.firstDay < learnt || sender.passesOn) return []
      if (!sender.decided && (sender.state === 'forwarder' || sender.state === 'rejected')) return []
      const fired = firing(sender, settings)
      if (!fired || isNameless(sender)) return []
      const { day, ...facts } = fired
      return [
        {
          rule: 'new_sender',
          subject: `sender:${sender.id}:`,
          senderId: sender.id,
          day,
          facts: { sender: sender.name, kind: sender.kind, firstDay: sender.firstDay, ...facts, sources: sender.sources },
          isOver: sender.decided,
        },
      ]
    })
  },
}

function firing(
  { days }: SenderHistory,
  { minimumMessages, minimumDays, atOnceMessages }: Readonly<Record<'minimumMessages' | 'minimumDays' | 'atOnceMessages', number>>,
): { day: string; days: number; messages: number; aligned: number } | null {
  let messages = 0
  let aligned = 0
  for (const [index, sum] of days.entries()) {
    messages += sum.messages
    aligned += sum.pass
    const isEnough = messages >= minimumMessages && index + 1 >= minimumDays
    if (isEnough || messages >= atOnceMessages) return { day: sum.day, days: index + 1, messages, aligned }
  }
  return null
}

/** An address that nobody has a name for, and that nothing of the domain vouches for. */
export const isNameless = ({ kind, state, days }: SenderHistory): boolean =>
  kind === 'address' && state === 'unknown' && days.every(({ pass }) => pass === 0)
