import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { testMail, testXml } from '../harness/reports.ts'
import { type Dashboard, openDashboard, upload } from './browser.ts'

const SOURCE = '2001:db8:4f3a:1::25'
const PERIOD = 'from=2026-01-01&to=2026-02-01'
const DESKTOP = { width: 1280, height: 900 }
const failing: NonNullable<Parameters<typeof testMail>[0]['records'][number]> = {
  sourceIp: SOURCE,
  count: 40,
  dkim: 'fail',
  spf: 'fail',
  disposition: 'quarantine',
  auth: { dkim: [], spf: [{ domain: 'example.com', scope: 'mfrom', result: 'softfail', humanResult: null }] },
}

let dashboard: Dashboard
/** Every page of the product, with data where it shows data. */
let pages: { name: string; path: string; isPublic?: boolean }[]

beforeAll(async () => {
  dashboard = await openDashboard()
  const watched = await dashboard.open('/settings')
  await upload(watched, dashboard.product, [
    { name: 'one.eml', content: testMail({ reportId: 'one', day: 3, records: [{ count: 500 }, failing] }) },
    { name: 'two.xml', content: Buffer.from(testXml({ reportId: 'two', day: 4, reporter: 'other.example', records: [{ count: 5 }] })) },
    {
      name: 'conflict.xml',
      content: Buffer.from(testXml({ reportId: 'two', day: 4, reporter: 'other.example', records: [{ count: 7 }] })),
    },
    { name: 'broken.xml', content: Buffer.from('<feedback><report_metadata>') },
  ])
  const ask = async <T>(path: string) => (await (await watched.page.request.get(`${dashboard.product.url}/api/v1${path}`)).json()) as T
  const { items: reports } = await ask<{ items: { id: string; state: string }[] }>(`/reports?${PERIOD}`)
  const { items: mails } = await ask<{ items: { id: string; state: string }[] }>('/ingest/mails?state=quarantined')
  const conflict = reports.find((report) => report.state === 'conflict')
  const counted = reports.find((report) => report.state === 'counted')
  pages = [
    { name: 'sign-in', path: '/login', isPublic: true },
    { name: 'set-up', path: '/setup', isPublic: true },
    { name: 'start', path: '/start' },
    { name: 'overview', path: `/?${PERIOD}` },
    { name: 'empty overview', path: '/?domain=nobody.example' },
    { name: 'sources', path: `/sources?${PERIOD}&dmarc=fail&dkim=fail` },
    { name: 'source', path: `/sources/${encodeURIComponent(SOURCE)}?${PERIOD}` },
    { name: 'reporters', path: `/reporters?${PERIOD}` },
    { name: 'reports', path: `/reports?${PERIOD}` },
    { name: 'report', path: `/reports/${counted?.id}` },
    { name: 'report in conflict', path: `/reports/${conflict?.id}` },
    { name: 'raw XML', path: `/reports/${counted?.id}/xml` },
    { name: 'intake', path: '/ingest' },
    { name: 'quarantined mail', path: `/ingest/${mails[0]?.id}` },
    { name: 'new mailbox', path: '/mailboxes/new' },
    { name: 'settings', path: '/settings' },
    { name: 'no such page', path: '/nowhere' },
  ]
})
afterAll(() => dashboard?.close())

async function settle(page: Page): Promise<void> {
  await page.locator('h1').waitFor()
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'))
}

async function openSettled(path: string, options: Parameters<Dashboard['open']>[1] = {}): Promise<Page> {
  const { page } = await dashboard.open(path, options)
  await settle(page)
  return page
}

/** Goes through all pages in one window for each side of the door. */
async function visitAll(options: Parameters<Dashboard['open']>[1], look: (page: Page) => Promise<string[]>): Promise<string[]> {
  const findings: string[] = []
  for (const isPublic of [true, false]) {
    const { page, faults } = await (isPublic ? dashboard.openAsStranger('/login', options) : dashboard.open('/settings', options))
    for (const entry of pages.filter((it) => (it.isPublic ?? false) === isPublic)) {
      await page.goto(dashboard.product.url + entry.path)
      await settle(page)
      const found = [...(await look(page)), ...faults.splice(0)]
      findings.push(...found.map((text) => `${entry.name}: ${text}`))
    }
    await page.context().close()
  }
  return findings
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

async function findingsOf(axe: AxeBuilder): Promise<string[]> {
  const { violations } = await axe.analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`)
}

async function widthFindings(page: Page): Promise<string[]> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  return over > 0 ? [`${over} pixels too wide`] : []
}

describe('every page', () => {
  it('passes the automatic accessibility checks', async () => {
    const look = (page: Page) => findingsOf(new AxeBuilder({ page }).withTags(RULES))
    expect(await visitAll({ colorScheme: 'light', viewport: DESKTOP }, look)).toEqual([])
  })

  it('can be read in the dark theme as well', async () => {
    const look = (page: Page) => findingsOf(new AxeBuilder({ page }).withRules(['color-contrast', 'link-in-text-block']))
    expect(await visitAll({ colorScheme: 'dark', viewport: DESKTOP }, look)).toEqual([])
  })

  for (const locale of ['en-GB', 'ru-RU']) {
    it(`fits a phone of 360 pixels without sideways scrolling (${locale})`, async () => {
      expect(await visitAll({ locale, viewport: { width: 360, height: 740 } }, widthFindings)).toEqual([])
    })
  }

  it('speaks Russian to a Russian browser', async () => {
    const page = await openSettled(`/?${PERIOD}`, { locale: 'ru-RU' })
    expect(await page.locator('html').getAttribute('lang')).toBe('ru')
    await page.getByRole('heading', { name: 'Источники с ошибками' }).waitFor()
    await page.context().close()
  })
})

describe('the keyboard alone', () => {
  // A window that a failed test left open would keep the keyboard from the next one.
  afterEach(() => dashboard.closeWindows())

  it('leads from the top of the overview to the raw XML', async () => {
    const page = await openSettled(`/?${PERIOD}`, { viewport: DESKTOP })
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
    await pressUntil(SOURCE)
    await enter(SOURCE)
    await pressUntil('receiver.example')
    await enter('Reports')
    await pressUntil('receiver.example')
    await enter('receiver.example about example.com')
    await pressUntil('Raw XML')
    await enter('Raw XML')
    await page.getByRole('region', { name: 'Raw XML' }).waitFor()

    /** Follows the link. The heading of the new page takes the focus, so the next Tab is inside it. */
    async function enter(heading: string): Promise<void> {
      await page.keyboard.press('Enter')
      await page.waitForFunction((text) => document.activeElement?.tagName === 'H1' && document.activeElement.textContent === text, heading)
      await settle(page)
    }

    async function pressUntil(text: string): Promise<void> {
      for (let presses = 0; presses < 80; presses++) {
        await page.keyboard.press('Tab')
        const { label, isVisible } = await page.evaluate(() => {
          const element = document.activeElement
          const outline = element ? getComputedStyle(element).outlineStyle : 'none'
          // The browser marks the fields inside a date field itself.
          const isMarkedInside = element instanceof HTMLInputElement && element.type === 'date'
          return { label: element?.textContent?.trim() ?? '', isVisible: outline !== 'none' || isMarkedInside }
        })
        if (!isVisible) throw new Error(`the focus can not be seen on "${label.slice(0, 60)}"`)
        if (label === text) return
      }
      throw new Error(`Tab never came to "${text}"`)
    }
  })

  it('chooses files without a mouse', async () => {
    const page = await openSettled('/ingest')
    const input = page.locator('input[type=file]')
    // The click is what opens the browser's own window, which no test can see into.
    await input.evaluate((element) => {
      element.addEventListener('click', (event) => {
        event.preventDefault()
        document.title = 'chosen'
      })
    })
    await input.focus()
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.title === 'chosen')
    expect(await input.getAttribute('multiple')).not.toBeNull()
  })
})
