import { useLocation } from 'preact-iso'
import { useCallback, useMemo } from 'preact/hooks'
import { type Column, DataTable } from '../components/data-table.tsx'
import { formats, language, words } from '../i18n/language.ts'
import { daysBetween } from '../state/days.ts'
import { useFilter } from '../state/use-filter.ts'
import { type Bucket, bucketDays, type DayCount } from './buckets.ts'
import { Canvas } from './canvas.tsx'
import { passFailOptions } from './pass-fail.ts'

interface DaysChartProps {
  /** Must keep its identity while it says the same. */
  days: readonly DayCount[]
  /** What is counted, in words. */
  texts: { label: string; pass: string; fail: string; share: string }
  /** The list of reports that a bar leads to, narrowed to its days. */
  path: string
}

/** What passed and failed per day as stacked bars, with the same numbers as a table. */
export function DaysChart({ days, texts, path }: DaysChartProps) {
  const t = words()
  const f = formats()
  const { href } = useFilter()
  const { route } = useLocation()
  const buckets = useMemo(() => bucketDays(days), [days])
  const bucketHref = (bucket: Bucket) => href(path, { from: bucket.from, to: bucket.to })
  const title = ({ from, to }: Bucket) => (daysBetween(from, to) === 1 ? f.day(from) : t.chart.weekOf(f.day(from)))

  const draw = useCallback(
    (canvas: HTMLCanvasElement) =>
      passFailOptions(canvas, buckets, {
        labels: buckets.map((bucket) => f.shortDay(bucket.from)),
        titles: buckets.map(title),
        pass: texts.pass,
        fail: texts.fail,
        format: f,
        onPick: (index) => {
          const bucket = buckets[index]
          if (bucket) route(bucketHref(bucket))
        },
      }),
    [buckets, language.value, href, route, path],
  )
  const columns = useMemo<Column<Bucket>[]>(
    () => [
      { key: 'day', title: t.chart.days, kind: 'main', cell: (bucket) => <a href={bucketHref(bucket)}>{title(bucket)}</a> },
      { key: 'pass', title: texts.pass, kind: 'number', cell: (bucket) => f.integer(bucket.pass) },
      { key: 'fail', title: texts.fail, kind: 'number', cell: (bucket) => f.integer(bucket.fail) },
      { key: 'share', title: texts.share, kind: 'number', cell: (bucket) => f.share(bucket.pass, bucket.pass + bucket.fail) },
    ],
    [language.value, href, path],
  )
  return (
    <figure class="chart">
      <Canvas draw={draw} label={texts.label} />
      <details>
        <summary>{t.chart.asTable}</summary>
        <div class="table-scroll" tabIndex={0} role="region" aria-label={texts.label}>
          <DataTable caption={texts.label} columns={columns} pages={[buckets]} keyOf={(bucket) => bucket.from} />
        </div>
      </details>
    </figure>
  )
}
