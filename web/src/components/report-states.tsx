import { words } from '../i18n/language.ts'
import { Badge } from './badges.tsx'
import { Tabs } from './tabs.tsx'

export type ReportState = 'counted' | 'conflict'
const STATES = ['counted', 'conflict'] as const

/** The state that an address asks for; undefined for all. */
export const readState = (asked: string | undefined): ReportState | undefined => STATES.find((item) => item === asked)

/** Chooses between all reports, those that count, and those that conflict with one that counts. */
export function ReportStateTabs({ state, hrefOf }: { state: ReportState | undefined; hrefOf: (state: ReportState | undefined) => string }) {
  const t = words().reports
  const tab = (value: ReportState | undefined, title: string) => ({ href: hrefOf(value), title, isActive: state === value })
  return (
    <>
      <Tabs label={t.state} tabs={[tab(undefined, t.all), ...STATES.map((value) => tab(value, t.states[value]))]} />
      {state === 'conflict' && <p class="hint">{t.conflictHint}</p>}
    </>
  )
}

/** What is to be known of a report in a list: that it does not count, that it strays from the standard. */
export function ReportNotes({ state, warnings }: { state: string; warnings: number }) {
  const t = words().reports
  if (state !== 'conflict' && warnings === 0) return null
  return (
    <span class="badges">
      {state === 'conflict' && <Badge tone="warn">{t.states.conflict}</Badge>}
      {warnings > 0 && <Badge tone="quiet">{t.warnings(warnings)}</Badge>}
    </span>
  )
}
