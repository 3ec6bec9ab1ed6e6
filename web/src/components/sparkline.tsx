const WIDTH = 72
const HEIGHT = 20
const GAP = 1

/** Counts of equal parts of the period as small columns. `text` says the same to those who do not see them. */
export function Sparkline({ counts, text }: { counts: readonly number[]; text: string }) {
  const most = Math.max(...counts, 1)
  const step = WIDTH / Math.max(counts.length, 1)
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={text}>
      <title>{text}</title>
      {counts.map((count, index) => {
        const height = columnHeight(count, most)
        return (
          <rect key={index} x={index * step} y={HEIGHT - height} width={step - GAP} height={height} class={count === 0 ? 'none' : ''} />
        )
      })}
    </svg>
  )
}

/** What is not nothing stays visible beside what is large. */
function columnHeight(count: number, most: number): number {
  return count === 0 ? 1 : Math.max(3, (count / most) * HEIGHT)
}
