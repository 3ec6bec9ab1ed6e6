/** What a process exports in the text format of Prometheus. */
export interface Exported {
  /** Names with their kind; a histogram has one, without _bucket, _sum and _count. */
  kinds: ReadonlyMap<string, string>
  /** A sample by its name and labels as written; undefined when there is none. */
  value(series: string): number | undefined
  text: string
}

export function parseMetrics(text: string): Exported {
  const kinds = new Map<string, string>()
  const samples = new Map<string, number>()
  for (const line of text.split('\n')) {
    const kind = /^# TYPE (\S+) (\S+)$/.exec(line)
    if (kind) kinds.set(kind[1] ?? '', kind[2] ?? '')
    const sample = /^([a-z]\w*(?:\{.*\})?) (\S+)$/.exec(line)
    if (sample) samples.set(sample[1] ?? '', Number(sample[2]))
  }
  return { kinds, value: (series) => samples.get(series), text }
}

/** Names of the metrics that a dashboard of Grafana asks for. */
export function metricsAskedFor(dashboard: { panels: { targets: { expr: string }[] }[] }): string[] {
  const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
  const names = expressions.flatMap((expr) => expr.match(/\b(?:ruadar|process|nodejs)_\w+/g) ?? [])
  return [...new Set(names)].sort()
}
