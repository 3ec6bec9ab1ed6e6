import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { testXml } from '../harness/reports.ts'
import { type Dashboard, openDashboard, upload, type Watched } from './browser.ts'

const PERIOD = 'from=2026-01-01&to=2026-02-01'
const DESKTOP = { width: 1280, height: 900 }
/** Services that nobody has named yet, the largest first: SPF passes for a bounce domain of each, and nothing aligns. */
const NAMES = ['alder', 'birch', 'cedar', 'elder', 'hazel', 'larch', 'maple', 'pine', 'rowan', 'willow'].map((tree) => `${tree}.example`)
/** What is decided on each, in that order, by key. */
const KEYS = ['1', '2', '3', '4', 'o', 'a', 'f', 'n', '2', '2']
const DECIDED = { own: 2, approved: 4, forwarder: 2, rejected: 2 }

/** Of two reports. */
const TOTAL = 2 * NAMES.reduce((sum, _, index) => sum + 500 - 20 * index, 0)

const report = (day: number): string =>
  testXml({
    reportId: `senders-${day}`,
    day,
    records: NAMES.map((name, index) => ({
      sourceIp: `192.0.2.${index + 10}`,
      count: 500 - 20 * index,
      dkim: 'fail',
      spf: 'fail',
      envelopeFrom: `bounce.${name}`,
      auth: { dkim: [], spf: [{ domain: `bounce.${name}`, scope: 'mfrom', result: 'pass', humanResult: null }] },
    })),
  })

let dashboard: Dashboard
let watched: Watched
let page: Page

beforeAll(async () => {
  dashboard = await openDashboard()
  watched = await dashboard.open('/settings', { viewport: DESKTOP })
  page = watched.page
  await upload(
    watched,
    dashboard.product,
    [3, 4].map((day) => ({ name: `${day}.xml`, content: Buffer.from(report(day)) })),
  )
  // Senders are named behind the ingest path, a moment after the report is read.
  await vi.waitUntil(async () => (await waiting()) === NAMES.length && (await summed()) === TOTAL, { timeout: 60_000, interval: 300 })
})
afterAll(() => dashboard?.close())

const ask = async <T>(path: string): Promise<T> => (await (await page.request.get(`${dashboard.product.url}/api/v1${path}`)).json()) as T
const waiting = async (): Promise<number> => (await ask<{ undecidedUnknown: number }>(`/senders/summary?${PERIOD}`)).undecidedUnknown

const summed = async (): Promise<number> =>
  (await ask<{ items: { messages: number }[] }>(`/senders?${PERIOD}`)).items.reduce((sum, { messages }) => sum + messages, 0)

async function settle(): Promise<void> {
  await page.locator('h1').waitFor()
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'))
}

const focusedRow = (): Promise<string | undefined> =>
  page.evaluate(() => document.activeElement?.closest('[role="row"]')?.querySelector('[role="rowheader"] a')?.textContent ?? undefined)

async function pressUntil(key: string, isThere: () => Promise<boolean>): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await isThere()) return
    await page.keyboard.press(key)
  }
  throw new Error(`${key} never led there`)
}

const shownNames = (): Promise<string[]> => page.getByRole('rowheader').getByRole('link').allInnerTexts()

describe('the inbox, by keyboard alone', () => {
  it('lists whom nobody has decided on, the largest first', async () => {
    await page.goto(`${dashboard.product.url}/inbox?${PERIOD}`)
    await settle()
    const rows = page.getByRole('grid', { name: 'Unknown senders' }).getByRole('row')
    expect(await rows.count()).toBe(NAMES.length)
    expect(await shownNames()).toEqual(NAMES)
  })

  it('is one stop for Tab, in which arrows, J and K, Home and End move', async () => {
    await pressUntil('Tab', async () => (await focusedRow()) !== undefined)
    await expect.poll(focusedRow).toBe(NAMES[0])
    await page.keyboard.press('j')
    await page.keyboard.press('ArrowDown')
    await expect.poll(focusedRow).toBe(NAMES[2])
    await page.keyboard.press('End')
    await expect.poll(focusedRow).toBe(NAMES.at(-1))
    await page.keyboard.press('k')
    await expect.poll(focusedRow).toBe(NAMES.at(-2))
    await page.keyboard.press('Home')
    await expect.poll(focusedRow).toBe(NAMES[0])
  })

  it('shows its keys, and what is known of the sender with the focus', async () => {
    await page.keyboard.press('?')
    await page.getByText('take the last decision back').waitFor()
    await page.keyboard.press('?')
    await page.getByText('take the last decision back').waitFor({ state: 'hidden' })
    const aside = page.getByRole('complementary', { name: 'Who this sender is' })
    await aside.getByRole('heading', { name: NAMES[0] ?? '' }).waitFor()
    await aside.getByText(`SPF passes for its bounce domain bounce.${NAMES[0]}`).waitFor()
  })

  it('decides on one after the other; each leaves, is announced, and the focus goes to the next', async () => {
    for (const [index, key] of KEYS.slice(0, 7).entries()) {
      await expect.poll(focusedRow).toBe(NAMES[index])
      await page.keyboard.press(key)
      const left = NAMES.length - index - 1
      await page
        .getByRole('status')
        .getByText(new RegExp(`^${NAMES[index]}: .*, ${left} left$`))
        .waitFor()
    }
    await expect.poll(focusedRow).toBe(NAMES[7])
  })

  it('takes a decision back, with the focus on whom it was about', async () => {
    await page.keyboard.press('u')
    await page.getByRole('status').getByText(`Taken back: ${NAMES[6]}: forwarder, 4 left`).waitFor()
    await expect.poll(focusedRow).toBe(NAMES[6])
    await page.keyboard.press(KEYS[6] ?? '')
    await page.getByRole('status').getByText(`${NAMES[6]}: forwarder, 3 left`).waitFor()
    await page.keyboard.press(KEYS[7] ?? '')
    await page.getByRole('status').getByText(`${NAMES[7]}: not ours, 2 left`).waitFor()
  })

  it('decides on a selection at once, and is empty then', async () => {
    await page.keyboard.press('Shift+ArrowDown')
    await page.getByRole('group', { name: 'Chosen senders' }).first().getByText('2 senders chosen').waitFor()
    await page.keyboard.press('2')
    await page.getByRole('status').getByText('2 senders: approved, none left').waitFor()
    await page.getByText('Nothing waits for you').waitFor()
    // The focus is where the list was, so the way back is still one key away.
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('inbox-empty')
    await expect.poll(waiting).toBe(0)
  })

  it('has left its states at the senders', async () => {
    const { own, approved, forwarder, rejected } = await ask<typeof DECIDED>(`/senders/summary?${PERIOD}`)
    expect({ own, approved, forwarder, rejected }).toEqual(DECIDED)
    await page.goto(`${dashboard.product.url}/senders?${PERIOD}`)
    await settle()
    const table = page.getByRole('table', { name: 'Senders' })
    const row = (name: string | undefined) =>
      table.getByRole('row').filter({ has: page.getByRole('link', { name: name ?? '', exact: true }) })
    expect(await row(NAMES[0]).innerText()).toContain('own')
    expect(await row(NAMES[3]).innerText()).toContain('not ours')
    expect(await row(NAMES[6]).innerText()).toContain('forwarder')
    expect(await row(NAMES[9]).innerText()).toContain('approved')
  })
})

describe('the page of a sender', () => {
  it('says why it has its name, why it fails, and where it sends from', async () => {
    await page
      .getByRole('table', { name: 'Senders' })
      .getByRole('link', { name: NAMES[1] ?? '', exact: true })
      .click()
    await page.getByRole('heading', { name: NAMES[1] ?? '', level: 1 }).waitFor()
    await settle()
    const standing = page.getByRole('region', { name: 'Who this sender is' })
    await standing.getByText('Sent 960 messages as example.com; 0% pass DMARC.').waitFor()
    await standing.getByText(`SPF passes for its bounce domain bounce.${NAMES[1]}`).waitFor()
    await page.getByRole('table', { name: 'Addresses' }).getByRole('link', { name: '192.0.2.11' }).waitFor()
    await page.getByRole('table', { name: 'Bounce domains' }).getByText(`bounce.${NAMES[1]}`).waitFor()
  })

  it('takes back what was decided, which brings the sender into the inbox again', async () => {
    const part = page.getByRole('region', { name: 'example.com' })
    expect(await part.getByRole('button', { name: 'Approved' }).getAttribute('aria-pressed')).toBe('true')
    await page.getByRole('button', { name: 'Ask the DNS' }).click()
    await page.getByText('Look-ups are switched off on this server').waitFor()
    await page.locator('.log').getByRole('button', { name: 'Undo' }).click()
    await page.getByText('taken back').waitFor()
    await expect.poll(waiting).toBe(1)
    await page.goto(`${dashboard.product.url}/inbox?${PERIOD}`)
    await settle()
    await expect.poll(shownNames).toEqual([NAMES[1]])
  })

  it('comes back to the inbox, and the row too, when the server refuses a decision', async () => {
    await page.route('**/api/v1/decisions', (route) => route.abort())
    await page.getByRole('row').getByRole('button', { name: 'Not ours' }).click()
    await page.getByRole('alert').waitFor()
    await expect.poll(shownNames).toEqual([NAMES[1]])
    await page.unroute('**/api/v1/decisions')
    expect(await waiting()).toBe(1)
  })
})
