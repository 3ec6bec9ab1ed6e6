import type { Timeline } from '@ruadar/contract'
import { useLocation } from 'preact-iso'
import { useCallback, useMemo } from 'preact/hooks'
import { type Column, DataTable } from '../components/data-table.tsx'
import { formats, language, words } from '../i18n/language.ts'
import { daysBetween } from '../state/days.ts'
import { useFilter } from '../state/use-filter.ts'
import { type Bucket, bucketDays } from './buckets.ts'
import { Canvas } from './canvas.tsx'
import { passFailOptions } from './pass-fail.ts'

/** Passing and failing messages per day as stacked bars, with the same numbers as a table. A bar leads to the reports of its days. */
export function DaysChart({ days }: { days: Timeline['days'] }) {
  const t = words()
  const f = formats()
  const { href } = useFilter()
  const { route } = useLocation()
  const buckets = useMemo(() => bucketDays(days), [days])
  const bucketHref = (bucket: Bucket) => href('/reports', { from: bucket.from, to: bucket.to })
  const title = ({ from, to }: Bucket) => (daysBetween(from, to) === 1 ? f.day(from) : t.chart.weekOf(f.day(from)))

  const draw = useCallback(
    (canvas: HTMLCanvasElement) =>
      passFailOptions(canvas, buckets, {
        labels: buckets.map((bucket) => f.shortDay(bucket.from)),
        titles: buckets.map(title),
        pass: t.chart.pass,
        fail: t.chart.fail,
        format: f,
        onPick: (index) => {
          const bucket = buckets[index]
          if (bucket) route(bucketHref(bucket))
        },
      }),
    [buckets, language.value, href, route],
  )
  const columns = useMemo<Column<Bucket>[]>(
    () => [
      { key: 'day', title: t.chart.days, kind: 'main', cell: (bucket) => <a href={bucketHref(bucket)}>{title(bucket)}</a> },
      { key: 'pass', title: t.chart.pass, kind: 'number', cell: (bucket) => f.integer(bucket.pass) },
      { key: 'fail', title: t.chart.fail, kind: 'number', cell: (bucket) => f.integer(bucket.fail) },
      { key: 'share', title: t.overview.passShare, kind: 'number', cell: (bucket) => f.share(bucket.pass, bucket.pass + bucket.fail) },
    ],
    [language.value, href],
  )
  return (
    <figure class="chart">
      <Canvas draw={draw} label={t.chart.label} />
      <details>
        <summary>{t.chart.asTable}</summary>
        <div class="table-scroll" tabIndex={0} role="region" aria-label={t.chart.label}>
          <DataTable caption={t.chart.label} columns={columns} pages={[buckets]} keyOf={(bucket) => bucket.from} />
        </div>
      </details>
    </figure>
  )
}
