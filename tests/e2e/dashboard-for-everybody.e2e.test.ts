import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { writeZip } from '@ruadar/reports/generate'
import { failureMail, tlsFailure, tlsJson, tlsPolicy } from '../harness/other-kinds.ts'
import { testMail, testXml } from '../harness/reports.ts'
import { addAxe, contrastFindings, everyFinding } from './axe.ts'
import { type Dashboard, openDashboard, upload } from './browser.ts'

const SOURCE = '2001:db8:4f3a:1::25'
const PERIOD = 'from=2026-01-01&to=2026-02-01'
const DESKTOP = { width: 1280, height: 900 }
const PHONE = { width: 360, height: 740 }
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
    {
      name: 'failure.eml',
      content: failureMail({ sourceIp: SOURCE, arrivalDate: Date.parse('2026-01-04T10:00:00Z') / 1000, incidents: 12 }),
    },
    // The key of the second is that of the first, so it is a conflict.
    ...[9, 10].map((failed) => ({
      name: 'tls.json',
      content: tlsJson({ day: '2026-01-05', reportId: 'tls', policies: [tlsPolicy({ failed, failureDetails: [tlsFailure()] })] }),
    })),
  ])
  const ask = async <T>(path: string) => (await (await watched.page.request.get(`${dashboard.product.url}/api/v1${path}`)).json()) as T
  const { items: reports } = await ask<{ items: { id: string; state: string }[] }>(`/reports?${PERIOD}`)
  const { items: mails } = await ask<{ items: { id: string; state: string }[] }>('/ingest/mails?state=quarantined')
  const { items: failures } = await ask<{ items: { id: string }[] }>(`/failures?${PERIOD}`)
  const { items: tlsReports } = await ask<{ items: { id: string; state: string }[] }>(`/tls/reports?${PERIOD}`)
  const tlsConflict = tlsReports.find((report) => report.state === 'conflict')
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
    { name: 'failure reports', path: `/failures?${PERIOD}&source=${encodeURIComponent(SOURCE)}` },
    { name: 'no failure reports', path: '/failures?domain=nobody.example' },
    { name: 'failure report', path: `/failures/${failures[0]?.id}` },
    { name: 'TLS reports', path: `/tls?${PERIOD}` },
    { name: 'TLS reports of a domain', path: `/tls?${PERIOD}&domain=example.com` },
    { name: 'no TLS reports', path: '/tls?domain=nobody.example' },
    { name: 'TLS report in conflict', path: `/tls/${tlsConflict?.id}` },
    { name: 'deviations', path: '/deviations' },
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

type Look = (page: Page, note: (about: keyof Findings, texts: string[]) => void) => Promise<void>

/** What was found on all pages, each text with the name of its page. */
interface Findings {
  rules: string[]
  contrast: string[]
  width: string[]
  faults: string[]
}

/** Goes through all pages once, in one window for each side of the door. */
async function visitAll(options: Parameters<Dashboard['open']>[1], look: Look): Promise<Findings> {
  const findings: Findings = { rules: [], contrast: [], width: [], faults: [] }
  for (const isPublic of [true, false]) {
    const { page, faults } = await (isPublic ? dashboard.openAsStranger('/login', options) : dashboard.open('/settings', options))
    for (const entry of pages.filter((it) => (it.isPublic ?? false) === isPublic)) {
      const note = (about: keyof Findings, texts: string[]) => findings[about].push(...texts.map((text) => `${entry.name}: ${text}`))
      await page.goto(dashboard.product.url + entry.path)
      await settle(page)
      await look(page, note)
      note('faults', faults.splice(0))
    }
    await page.context().close()
  }
  return findings
}

/** Charts follow a new width a moment later, so what is too wide gets the time to become narrow. */
async function widthFindings(page: Page): Promise<string[]> {
  const over = () => document.documentElement.scrollWidth - window.innerWidth
  try {
    await page.waitForFunction(() => document.documentElement.scrollWidth <= window.innerWidth, undefined, { timeout: 20_000 })
    return []
  } catch {
    return [`${await page.evaluate(over)} pixels too wide`]
  }
}

describe('every page', () => {
  // Most of the time goes into loading pages, so each is loaded once for all that is asked about it.
  let english: Findings
  let russian: Findings
  beforeAll(async () => {
    ;[english, russian] = await Promise.all([
      visitAll({ viewport: DESKTOP }, async (page, note) => {
        await page.emulateMedia({ colorScheme: 'light' })
        await addAxe(page)
        note('rules', await everyFinding(page))
        await page.emulateMedia({ colorScheme: 'dark' })
        note('contrast', await contrastFindings(page))
        await page.setViewportSize(PHONE)
        note('width', await widthFindings(page))
        await page.setViewportSize(DESKTOP)
      }),
      visitAll({ locale: 'ru-RU', viewport: PHONE }, async (page, note) => note('width', await widthFindings(page))),
    ])
  }, 300_000)

  it('passes the automatic accessibility checks', () => {
    expect(english.rules).toEqual([])
  })

  it('can be read in the dark theme as well', () => {
    expect(english.contrast).toEqual([])
  })

  it('fits a phone of 360 pixels without sideways scrolling, in both languages', () => {
    expect([...english.width, ...russian.width]).toEqual([])
  })

  it('has no fault', () => {
    expect([...english.faults, ...russian.faults]).toEqual([])
  })

  it('speaks Russian to a Russian browser, within any width', async () => {
    const page = await openSettled(`/?${PERIOD}`, { locale: 'ru-RU' })
    expect(await page.locator('html').getAttribute('lang')).toBe('ru')
    await page.getByRole('heading', { name: 'Источники с ошибками' }).waitFor()
    // The longer words have to fit on both sides of the width at which the navigation becomes a menu.
    for (const width of [840, 960, 961, 1100]) {
      await page.setViewportSize({ width, height: 800 })
      expect(await widthFindings(page), `at ${width} pixels`).toEqual([])
    }
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
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main')
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

  it('chooses mails and has them read again', async () => {
    const page = await openSettled('/ingest?state=quarantined', { viewport: DESKTOP })
    const box = page.getByRole('checkbox', { name: 'Select broken.xml' })
    await box.focus()
    await page.keyboard.press('Space')
    const bar = page.getByRole('group', { name: 'Selected mails' })
    await bar.getByText('1 mail selected').waitFor()
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Shift+Tab')
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Read selected again')
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('1 mail will be read again.').waitFor()
    await page.waitForFunction(() => document.activeElement?.closest('label')?.textContent === 'Select all shown')
    // What comes next wants it read.
    const quarantined = async () => {
      const answer = await page.request.get(`${dashboard.product.url}/api/v1/ingest/mails?state=quarantined`)
      return ((await answer.json()) as { items: unknown[] }).items.length
    }
    await expect.poll(quarantined).toBe(1)
    await page.context().close()
  })

  it('has all mails of a reason read again, after a question that says how many', async () => {
    const page = await openSettled('/ingest', { viewport: DESKTOP })
    const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'It ends too early' }) })
    await row.getByRole('button', { name: 'Read again' }).focus()
    await page.keyboard.press('Enter')
    await row.getByText('Read 1 mail again?').waitFor()
    // The focus has gone along to the button that confirms.
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('1 mail will be read again.').waitFor()
    await page.context().close()
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

  it('finds one domain of many by some letters of its name, and all of them again', async () => {
    const watched = await dashboard.open(`/?${PERIOD}`, { viewport: DESKTOP })
    const zips = Array.from({ length: 6 }, (_, zip) =>
      writeZip(
        Array.from({ length: 10 }, (_, number) => `shop-${zip}${number}.example`).map((domain) => ({
          name: `${domain}.xml`,
          bytes: Buffer.from(testXml({ domain, reportId: domain, records: [{}] })),
        })),
      ),
    )
    await upload(
      watched,
      dashboard.product,
      zips.map((content, zip) => ({ name: `${zip}.zip`, content })),
    )
    const { page } = watched
    await page.reload()
    await settle(page)
    const field = page.getByRole('combobox', { name: 'Domain' })
    await field.focus()
    await page.keyboard.type('OP-41')
    const found = page.locator('datalist option')
    await expect.poll(() => found.evaluateAll((options) => options.map((it) => it.getAttribute('value')))).toEqual(['shop-41.example'])
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('shop-41.example')
    await page.keyboard.press('Enter')
    await page.waitForURL(/domain=shop-41\.example/)
    await field.fill('')
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => !url.searchParams.has('domain'))
    expect(watched.faults).toEqual([])
    await page.context().close()
  })
})
