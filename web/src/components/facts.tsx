import type { ComponentChildren } from 'preact'

export type Fact = readonly [title: string, value: ComponentChildren]

/** Titles with their values, as rows. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(([title, value]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
