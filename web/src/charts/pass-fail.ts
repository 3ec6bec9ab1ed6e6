import type { ChartData, ChartOptions } from 'chart.js'
import type { Formats } from '../i18n/format.ts'
import type { Bucket } from './buckets.ts'

interface PassFailTexts {
  labels: string[]
  titles: string[]
  pass: string
  fail: string
  format: Formats
  onPick: (index: number) => void
}

/** Data and options of a stacked pass and fail chart in the colours of the page. */
export function passFailOptions(
  canvas: HTMLCanvasElement,
  buckets: readonly Bucket[],
  { labels, titles, pass, fail, format, onPick }: PassFailTexts,
): { data: ChartData<'bar'>; options: ChartOptions<'bar'> } {
  const styles = getComputedStyle(canvas)
  const colour = (name: string) => styles.getPropertyValue(name).trim()
  const ink = colour('--chart-ink')
  const font = { family: styles.fontFamily, size: 12 }
  const failing = colour('--chart-fail')
  return {
    data: {
      labels,
      datasets: [
        { label: pass, data: buckets.map((bucket) => bucket.pass), backgroundColor: colour('--chart-pass'), stack: 'messages' },
        {
          label: fail,
          data: buckets.map((bucket) => bucket.fail),
          backgroundColor: hatch(failing, colour('--chart-line')) ?? failing,
          stack: 'messages',
        },
      ],
    },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      onClick: (_event, elements) => {
        const index = elements[0]?.index
        if (index !== undefined) onPick(index)
      },
      datasets: { bar: { categoryPercentage: 0.9, barPercentage: 0.92, maxBarThickness: 36, borderRadius: 2 } },
      scales: {
        x: {
          stacked: true,
          grid: { display: false },
          border: { color: colour('--chart-line') },
          ticks: { color: ink, font, maxRotation: 0, autoSkipPadding: 16 },
        },
        y: {
          stacked: true,
          beginAtZero: true,
          grid: { color: colour('--chart-line') },
          border: { display: false },
          ticks: { color: ink, font, precision: 0, maxTicksLimit: 6, callback: (value) => format.compact(Number(value)) },
        },
      },
      plugins: {
        legend: { align: 'end', labels: { color: ink, font, boxWidth: 14, boxHeight: 14 } },
        tooltip: {
          callbacks: {
            title: (items) => titles[items[0]?.dataIndex ?? 0] ?? '',
            label: (item) => ` ${item.dataset.label}: ${format.integer(item.parsed.y ?? 0)}`,
          },
        },
      },
    },
  }
}

/** Failing bars are hatched, so that they differ by more than their colour. */
function hatch(colour: string, stripes: string): CanvasPattern | null {
  const size = 8
  const tile = document.createElement('canvas')
  tile.width = size
  tile.height = size
  const pen = tile.getContext('2d')
  if (!pen) return null
  pen.fillStyle = colour
  pen.fillRect(0, 0, size, size)
  pen.strokeStyle = stripes
  pen.globalAlpha = 0.65
  pen.lineWidth = 1.5
  for (const offset of [-size, 0, size]) {
    pen.moveTo(offset, size)
    pen.lineTo(offset + size, 0)
  }
  pen.stroke()
  return pen.createPattern(tile, 'repeat')
}
