import type { TlsTimeline } from '@ruadar/contract'
import { useMemo } from 'preact/hooks'
import { words } from '../i18n/language.ts'
import { DaysChart } from './days-chart.tsx'

/** TLS sessions per day that succeeded and failed. */
export function SessionsChart({ days }: { days: TlsTimeline['days'] }) {
  const t = words()
  const counts = useMemo(() => days.map(({ day, successful, failed }) => ({ day, pass: successful, fail: failed })), [days])
  return <DaysChart days={counts} texts={{ ...t.chart.sessions, share: t.tls.share }} path="/tls" />
}
