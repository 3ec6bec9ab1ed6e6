import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as Axe from 'axe-core'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Puts the accessibility checker into a page, once for all runs there. */
export const addAxe = (page: Page): Promise<void> => page.evaluate(source)

/** Whatever the rules for everybody find, as text. */
export const everyFinding = (page: Page): Promise<string[]> => findingsOf(page, { runOnly: RULES })

/** The rules that another theme can break. */
export const contrastFindings = (page: Page): Promise<string[]> =>
  findingsOf(page, { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } })

async function findingsOf(page: Page, options: Axe.RunOptions): Promise<string[]> {
  await page.waitForFunction(() => !document.querySelector('.stale')) // dimmed until the new answer is there
  return page.evaluate(
    async (given) => {
      const { axe } = window as unknown as { axe: typeof Axe }
      const { violations } = await axe.run(document, given)
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`)
    },
    // Without this most of the time goes into describing what is right.
    { ...options, resultTypes: ['violations'] as 'violations'[] },
  )
}
