import type { DaySums } from '@ruadar/contract'
import { useMemo } from 'preact/hooks'
import { words } from '../i18n/language.ts'
import { DaysChart } from './days-chart.tsx'

/** Messages per day that passed and failed DMARC. */
export function MessagesChart({ days }: { days: readonly DaySums[] }) {
  const t = words()
  const counts = useMemo(() => days.map(({ day, dmarcPass, dmarcFail }) => ({ day, pass: dmarcPass, fail: dmarcFail })), [days])
  return <DaysChart days={counts} texts={{ ...t.chart.messages, share: t.overview.passShare }} path="/reports" />
}
