import type { AlertItem, AlertRuleName } from '@ruadar/contract'
import type { SenderCatalogue } from '../../i18n/senders-en.ts'
import { addDays, isDay } from '../../state/days.ts'
import { filterHref } from '../../state/filter.ts'

type LinkName = keyof SenderCatalogue['alerts']['evidenceLinks']
export interface EvidenceLink {
  name: LinkName
  href: string
}

const LINKS: Record<AlertRuleName, readonly LinkName[]> = {
  new_sender: ['sender'],
  spoofing: ['senders', 'sources'],
  alignment_drop: ['sender', 'reports'],
  failing_rise: ['sources', 'reports'],
  reports_stop: ['reporters', 'mailboxes'],
  policy_changed: ['reports'],
  quarantine: ['mails'],
  mailbox_failing: ['mailboxes'],
  tls_failures_rise: ['tls'],
  channel_failing: ['channels'],
}

/** Days before the alert's own that show what was usual. */
const BEFORE = 29

/** Where the numbers of an alert are seen, filtered to its domain and days. */
export function evidenceLinks({ rule, domain, senderId, day, facts }: AlertItem): EvidenceLink[] {
  const names: readonly LinkName[] = Object.hasOwn(LINKS, rule) ? LINKS[rule] : []
  const about = domain === null ? {} : { domain }
  const oneDay = isDay(day) ? { from: day, to: addDays(day, 1) } : {}
  const before = isDay(day) ? { from: addDays(day, -BEFORE), to: addDays(day, 1) } : {}
  const { from, to } = facts
  const week = typeof from === 'string' && typeof to === 'string' && isDay(from) && isDay(to) ? { from, to } : oneDay
  const hrefs: Record<LinkName, string | null> = {
    sender: senderId === null ? null : filterHref(`/senders/${senderId}`, { ...about, ...before }),
    senders: filterHref('/senders', { ...about, ...week }, { state: 'unknown' }),
    sources: filterHref('/sources', { ...about, ...(rule === 'spoofing' ? week : oneDay), dmarc: 'fail' }),
    reporters: filterHref('/reporters', { ...about, ...before }),
    reports: filterHref('/reports', { ...about, ...oneDay }),
    mails: '/ingest?state=quarantined#mails',
    mailboxes: '/ingest',
    tls: filterHref('/tls', { ...about, ...oneDay }),
    channels: '/alerts/channels',
  }
  return names.flatMap((name) => {
    const href = hrefs[name]
    return href === null ? [] : [{ name, href }]
  })
}
