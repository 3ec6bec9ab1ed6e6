import { useEffect, useRef, useState } from 'preact/hooks'

/** Lists of fewer pages are cheap to keep whole, and then the browser's own search finds every row. */
const KEPT_PAGES = 5

/** Pixels beyond the view within which rows are drawn: more than Tab or one turn of a wheel moves. */
const NEAR = 1500

interface Folded {
  ref: { current: HTMLTableSectionElement | null }
  /** Height in pixels that stands for the rows, null while they are drawn. */
  height: number | null
}

/**
 * Leaves the rows of a far away page out and keeps their height: laying out ten thousand rows takes the browser a second
 * each time one changes, a few hundred take none.
 */
export function useFolding(pageCount: number): Folded {
  const ref = useRef<HTMLTableSectionElement>(null)
  const [height, setHeight] = useState<number | null>(null)
  const isLong = pageCount > KEPT_PAGES
  useEffect(() => {
    if (!isLong || !ref.current) return
    const observer = new IntersectionObserver(
      (entries) => {
        const entry = entries.at(-1)
        if (entry) setHeight(entry.isIntersecting ? null : entry.boundingClientRect.height)
      },
      { rootMargin: `${NEAR}px 0px` },
    )
    observer.observe(ref.current)
    return () => observer.disconnect()
  }, [isLong])
  return { ref, height: isLong ? height : null }
}
