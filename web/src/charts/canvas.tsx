import type { Chart as ChartType, ChartConfiguration, ChartData, ChartOptions } from 'chart.js'
import { useEffect, useRef, useState } from 'preact/hooks'
import { words } from '../i18n/language.ts'

interface CanvasProps {
  /** Makes data and options when the canvas is there, since colours come from its styles. */
  draw: (canvas: HTMLCanvasElement) => { data: ChartData<'bar'>; options: ChartOptions<'bar'> }
  /** The chart in one sentence; its numbers stand in the table beside it. */
  label: string
}

/**
 * The only place that touches Chart.js: created once, updated in place, destroyed with the component.
 * The library is loaded when the first chart is drawn; the frame has its height before that, so nothing jumps.
 */
export function Canvas({ draw, label }: CanvasProps) {
  const ref = useRef<HTMLCanvasElement>(null)
  const chart = useRef<ChartType<'bar'> | undefined>(undefined)
  const latest = useRef(draw)
  latest.current = draw
  const [failed, setFailed] = useState(false)
  const schemes = useColorScheme()

  useEffect(() => {
    let isGone = false
    import('./registered.ts')
      .then(({ Chart }) => {
        if (isGone || !ref.current) return
        const config: ChartConfiguration<'bar'> = { type: 'bar', ...latest.current(ref.current) }
        chart.current = new Chart(ref.current, config)
      })
      .catch(() => setFailed(true))
    return () => {
      isGone = true
      chart.current?.destroy()
      chart.current = undefined
    }
  }, [])

  useEffect(() => {
    if (!chart.current || !ref.current) return
    const { data, options } = draw(ref.current)
    chart.current.data = data
    chart.current.options = options
    chart.current.update('none')
  }, [draw, schemes])

  if (failed) return <p class="hint">{words().chart.failed}</p>
  return (
    // Out of the flow: a canvas that takes part in layout keeps its container from shrinking.
    <div class="chart-frame">
      <canvas ref={ref} role="img" aria-label={label} />
    </div>
  )
}

/** Changes when the page turns light or dark. */
function useColorScheme(): number {
  const [turns, setTurns] = useState(0)
  useEffect(() => {
    const turn = () => setTurns((value) => value + 1)
    const query = matchMedia('(prefers-color-scheme: dark)')
    query.addEventListener('change', turn)
    const observer = new MutationObserver(turn)
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      query.removeEventListener('change', turn)
      observer.disconnect()
    }
  }, [])
  return turns
}
