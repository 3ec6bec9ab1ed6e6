interface Tab {
  href: string
  title: string
  isActive: boolean
  count?: string
}

/** Links that choose one part of a list. They are addresses, so they are links and not buttons. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav aria-label={label} class="tabs">
      <ul>
        {tabs.map((tab) => (
          <li key={tab.href}>
            <a href={tab.href} aria-current={tab.isActive ? 'true' : undefined}>
              {tab.title}
              {tab.count !== undefined && <span class="count">{tab.count}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
