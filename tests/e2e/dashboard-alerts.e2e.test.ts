import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstDay, testXml } from '../harness/reports.ts'
import { addAxe, contrastFindings, everyFinding } from './axe.ts'
import { type Dashboard, openDashboard, upload, type Watched } from './browser.ts'

const PERIOD = 'period=90d'
const DESKTOP = { width: 1280, height: 900 }
const PHONE = { width: 360, height: 740 }
/** A domain with months of history, and the sender that it has since yesterday: that is news, where old mail is not. */
const YESTERDAY = Math.floor((Date.now() / 1000 - firstDay) / 86_400) - 1
const FRESH = 'fresh.example'
const history = [YESTERDAY - 60, YESTERDAY - 59, YESTERDAY].map((day) =>
  testXml({
    reportId: `history-${day}`,
    domain: 'example.net',
    day,
    records: [
      { headerFrom: 'example.net', sourceIp: '203.0.113.1', count: 100 },
      ...(day === YESTERDAY
        ? [
            {
              headerFrom: 'example.net',
              sourceIp: '203.0.113.77',
              count: 400,
              dkim: 'fail' as const,
              spf: 'fail' as const,
              envelopeFrom: `bounce.${FRESH}`,
              auth: { dkim: [], spf: [{ domain: `bounce.${FRESH}`, scope: 'mfrom' as const, result: 'pass' as const, humanResult: null }] },
            },
          ]
        : []),
    ],
  }),
)

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
    history.map((xml, index) => ({ name: `${index}.xml`, content: Buffer.from(xml) })),
  )
})
afterAll(() => dashboard?.close())

const ask = async <T>(path: string): Promise<T> => (await (await page.request.get(`${dashboard.product.url}/api/v1${path}`)).json()) as T

async function settle(): Promise<void> {
  await page.locator('h1').waitFor()
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'))
}

describe('an alert about a new sender', () => {
  let id: number

  it('is raised, counted in the navigation and told in the list', async () => {
    const raised = async () => (await ask<{ items: { id: number; sender: string }[] }>('/alerts?domain=example.net&state=open')).items
    await expect.poll(async () => (await raised()).map(({ sender }) => sender), { timeout: 60_000, interval: 500 }).toEqual([FRESH])
    id = (await raised())[0]?.id ?? 0
    await page.goto(`${dashboard.product.url}/alerts`)
    await page.getByRole('link', { name: `New sender for example.net: ${FRESH}` }).waitFor()
    await page
      .getByRole('navigation', { name: 'Pages' })
      .getByRole('link', { name: /^Alerts\W+\d+ waits? for you$/ })
      .waitFor()
  })

  it('has the decision of a mail’s link ready under the focus, and decides nothing before it is pressed', async () => {
    await page.goto(`${dashboard.product.url}/alerts/${id}?decide=approved`)
    await page.waitForFunction(() => document.activeElement?.textContent === 'Approved')
    expect((await ask<{ items: unknown[] }>('/decisions?domain=example.net')).items).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: 'New sender' }).getByText('closed').waitFor()
    const { items } = await ask<{ items: { sender: string; state: string }[] }>('/decisions?domain=example.net')
    expect(items.map(({ sender, state }) => [sender, state])).toEqual([[FRESH, 'approved']])
  })

  it('keeps its history, from which it can be opened again', async () => {
    await page.getByRole('button', { name: 'Open again' }).click()
    await page.getByRole('region', { name: 'New sender' }).getByText('open').waitFor()
    await page.getByText('Snooze or mute').click()
    await page.getByRole('group', { name: 'Snooze' }).getByRole('button', { name: '1 week' }).click()
    await page.getByRole('region', { name: 'New sender' }).getByText('snoozed').waitFor()
    expect((await ask<{ state: string }>(`/alerts/${id}`)).state).toBe('snoozed')
  })
})

describe('rules, channels and senders of one’s own', () => {
  it('keeps what was set for a rule', async () => {
    await page.goto(`${dashboard.product.url}/alerts/rules`)
    await settle()
    const rule = page.getByRole('form', { name: 'Failing mail rises' })
    await rule.getByLabel('At least so many messages').fill('250')
    await rule.getByRole('checkbox').uncheck()
    await rule.getByRole('button', { name: 'Save' }).click()
    await rule.getByText('Saved.').waitFor()
    await page.reload()
    await settle()
    expect(await rule.getByLabel('At least so many messages').inputValue()).toBe('250')
    expect(await rule.getByRole('checkbox').isChecked()).toBe(false)
  })

  it('mutes a domain and takes that off again', async () => {
    await page.getByRole('form', { name: 'Mute a domain' }).getByLabel('Domain').fill('example.net')
    await page.getByRole('button', { name: 'Mute' }).click()
    const row = page.getByRole('table', { name: 'Mutes' }).getByRole('row', { name: /example\.net/ })
    await row.getByRole('button', { name: 'Take off' }).click()
    await page.getByText('Nothing is muted.').waitFor()
  })

  it('says why an address for a webhook is not taken', async () => {
    await page.goto(`${dashboard.product.url}/alerts/channels/new`)
    await page.getByLabel('Kind').selectOption('webhook')
    await page.getByLabel('Name', { exact: true }).fill('Desk')
    await page.getByLabel('Address (URL)').fill('http://127.0.0.1:9/hook')
    await page.getByRole('button', { name: 'Make one up' }).click()
    expect(await page.getByLabel('Signing key').inputValue()).toMatch(/^[0-9a-f]{64}$/)
    await page.getByRole('button', { name: 'Save' }).click()
    await page
      .getByRole('alert')
      .getByText(/starts with https:/)
      .waitFor()
  })

  it('creates a channel, tells what a test of it came to, and lists the attempt', async () => {
    await page.getByLabel('Kind').selectOption('email')
    await page.getByLabel('Mail server (SMTP)').fill('127.0.0.1')
    await page.getByLabel('Security').selectOption('plain')
    // Nobody listens there.
    await page.getByLabel('Port').fill('9')
    await page.getByLabel('Sender address').fill('ruadar@example.com')
    await page.getByLabel('Recipients').fill('postmaster@example.com')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Desk', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.getByText('Not delivered.').waitFor()
    const row = page.getByRole('table', { name: 'Deliveries' }).getByRole('row', { name: /given up/ })
    await row
      .getByText(/refuses connections/)
      .first()
      .waitFor()
  })

  it('names a sender by a rule of its own', async () => {
    await page.goto(`${dashboard.product.url}/settings`)
    await settle()
    const form = page.getByRole('form', { name: 'Add the sender' })
    await form.getByLabel('Name of the sender').fill('Ticket system')
    await form.getByLabel('Bounce domain').fill(FRESH)
    await form.getByRole('button', { name: 'Add the sender' }).click()
    await page
      .getByRole('table', { name: 'Your own senders' })
      .getByRole('row', { name: /Ticket system/ })
      .waitFor()
    const names = async () => (await ask<{ items: { name: string }[] }>(`/senders`)).items.map((item) => item.name)
    await expect.poll(names, { timeout: 60_000, interval: 500 }).toContain('Ticket system')
  })
})

it('is for everybody: rules for accessibility, contrast in both themes, a phone of 360 pixels, in both languages', async () => {
  const [first] = (await ask<{ items: { id: number }[] }>('/senders')).items
  const [channel] = (await ask<{ items: { id: number }[] }>('/channels')).items
  const paths = [
    `/senders?${PERIOD}`,
    '/senders?domain=nobody.example',
    `/senders/${first?.id}?${PERIOD}`,
    `/inbox?${PERIOD}`,
    '/inbox?domain=nobody.example',
    '/alerts?state=all',
    '/alerts/1',
    '/alerts/rules',
    '/alerts/channels',
    '/alerts/channels/new',
    `/alerts/channels/${channel?.id}`,
  ]
  const findings: string[] = []
  for (const path of paths) {
    await page.setViewportSize(DESKTOP)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto(dashboard.product.url + path)
    await settle()
    await addAxe(page)
    findings.push(...(await everyFinding(page)).map((found) => `${path}: ${found}`))
    await page.emulateMedia({ colorScheme: 'dark' })
    findings.push(...(await contrastFindings(page)).map((found) => `${path}, dark: ${found}`))
  }
  const russian = await dashboard.open('/settings', { locale: 'ru-RU', viewport: PHONE })
  for (const [language, window] of [['en', watched] as const, ['ru', russian] as const]) {
    await window.page.setViewportSize(PHONE)
    for (const path of paths) {
      await window.page.goto(dashboard.product.url + path)
      await window.page.locator('h1').waitFor()
      await window.page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'))
      const over = await window.page.evaluate(() => document.documentElement.scrollWidth - globalThis.innerWidth)
      if (over > 0) findings.push(`${path}, ${language}: ${over} pixels too wide`)
    }
  }
  expect([...findings, ...watched.faults, ...russian.faults]).toEqual([])
})
