import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Product, startProduct } from '../harness/product.ts'
import { failureMail, tlsJson } from '../harness/other-kinds.ts'
import { testXml } from '../harness/reports.ts'
import { launch, watch } from './browser.ts'

const DAY = '2026-01-03'
const report = testXml({
  reporter: 'receiver.example',
  domain: 'example.com',
  reportId: 'way-1',
  day: 2,
  records: [
    { sourceIp: '192.0.2.1', count: 900 },
    {
      sourceIp: '198.51.100.7',
      count: 123,
      dkim: 'fail',
      spf: 'fail',
      envelopeFrom: 'bounce.esp.example',
      auth: {
        dkim: [{ domain: 'esp.example', selector: 's1', result: 'pass', humanResult: null }],
        spf: [{ domain: 'bounce.esp.example', scope: 'mfrom', result: 'pass', humanResult: null }],
      },
    },
  ],
})

const failure = failureMail({
  feedbackType: null,
  sourceIp: '198.51.100.7',
  arrivalDate: Date.parse(`${DAY}T10:00:00Z`) / 1000,
})

/** Asks to be asked again so late that it is a person who does it. */
const noRoom = { status: 503, headers: { 'retry-after': '30' }, json: { code: 'database_full' } }

describe('the way of a new operator', () => {
  let product: Product
  let browser: Browser
  let page: Page
  let faults: string[]

  beforeAll(async () => {
    product = await startProduct()
    browser = await launch()
    page = await (await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } })).newPage()
    faults = watch(page)
  })
  afterAll(async () => {
    await browser?.close()
    await product?.stop()
    product?.remove()
  })

  const drop = (texts: Record<string, string>) =>
    page.evaluate((given) => {
      const files = new DataTransfer()
      for (const [name, text] of Object.entries(given)) files.items.add(new File([text], name))
      document.querySelector('.drop-zone')?.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }))
    }, texts)

  it('leads a stranger to the sign-in page, which says that nobody can sign in yet', async () => {
    await page.goto(product.url)
    await page.waitForURL('**/login')
    await page.getByText('Nobody can sign in yet').waitFor()
  })

  it('creates the administrator with the link of the console', async () => {
    await page.route('**/api/v1/setup', (route) => route.fulfill(noRoom))
    await page.goto(product.setupLink ?? '')
    await page.getByRole('alert').getByText('The disk of the database is full').waitFor()
    await page.unroute('**/api/v1/setup')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByLabel('Password', { exact: true }).fill('a long enough password')
    await page.getByLabel('Password again').fill('a long enough password')
    await page.getByRole('button', { name: 'Create and sign in' }).click()
    await page.waitForURL('**/start')
  })

  it('shows what to publish for a typed domain', async () => {
    await page.getByLabel('Your domain').fill('example.com')
    await page.getByText('_dmarc.example.com').waitFor()
    await page.getByText('v=DMARC1; p=none; rua=mailto:dmarc@example.com').waitFor()
  })

  it('signs out and in again', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL('**/login*')
    await page.getByLabel('Name').fill('admin')
    await page.getByLabel('Password').fill('not this one')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Name or password is wrong.').waitFor()
    await page.getByLabel('Password').fill('a long enough password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Get reports in' }).waitFor()
  })

  it('takes a dropped report file and says what became of it', async () => {
    await drop({ 'report.xml': report })
    await page.getByText('1 of 1 files read').waitFor()
    expect(await page.locator('.uploads').innerText()).toContain('imported')
  })

  it('shows the report in the overview, with a chart and the failing source', async () => {
    await page.getByRole('link', { name: 'Overview', exact: true }).click()
    // The report is older than the usual period: the page says where the data are and leads there.
    await page.getByRole('link', { name: 'Show these days' }).click()
    await page.waitForURL(`**/?from=${DAY}&to=2026-01-04`)
    const standing = page.getByRole('region', { name: 'Where you stand' })
    await standing.getByText('example.com publishes p=none; 88.0% of 1,023 messages pass DMARC.').waitFor()
    await page.waitForFunction(() => {
      const canvas = document.querySelector('canvas')
      return (
        canvas !== null &&
        canvas.width > 0 &&
        canvas
          .getContext('2d')
          ?.getImageData(0, 0, canvas.width, canvas.height)
          .data.some((value) => value !== 0)
      )
    })
    await page.getByText('Show these numbers as a table').click()
    expect(
      await page
        .locator('figure.chart')
        .getByRole('row', { name: /3 Jan 2026/ })
        .innerText(),
    ).toMatch(/900\s+123/)
  })

  it('says what could not be asked, and asks again by itself', async () => {
    const standing = page.getByRole('region', { name: 'Where you stand' })
    // Of the five questions of its sentence one is lacking, and a section below lacks its own: one notice tells of both.
    const refused = ['**/api/v1/domains/summary?*', '**/api/v1/sources?*']
    for (const url of refused) await page.route(url, (route) => route.fulfill(noRoom))
    await page.reload()
    await page.getByRole('alert').getByText('The disk of the database is full').waitFor()
    await page.getByRole('figure').first().waitFor()
    expect(await page.getByRole('alert').count()).toBe(1)
    expect(await standing.getByText('pass DMARC').count()).toBe(0)
    for (const url of refused) await page.unroute(url)
    await page.getByRole('button', { name: 'Try again' }).click()
    await standing.getByText('88.0% of 1,023 messages pass DMARC.').waitFor()
    await page.getByRole('alert').waitFor({ state: 'detached' })
    // Of what is not asked every minute anyway: a question for one thing, and a list.
    const source = '**/api/v1/sources/198.51.100.7?*'
    await page.route(source, (route) => route.abort('connectionreset'))
    await page.getByRole('table', { name: 'Failing sources' }).getByRole('link', { name: '198.51.100.7' }).click()
    await page.getByText('The page asks again by itself.').waitFor()
    await page.unroute(source)
    await page.getByRole('region', { name: 'What this source is' }).waitFor()
    await page.goBack()
    await page.getByRole('link', { name: 'All failing sources' }).click()
    const sources = page.getByRole('table', { name: 'Sources', exact: true })
    await sources.getByRole('link', { name: '198.51.100.7' }).waitFor()
    await page.context().setOffline(true)
    await sources.getByRole('columnheader').getByRole('link', { name: 'Messages' }).click()
    await page.getByText('The page asks again by itself.').waitFor()
    expect(await sources.count()).toBe(0) // what another question was answered is not shown for this one
    await page.context().setOffline(false)
    await sources.getByRole('link', { name: '198.51.100.7' }).waitFor()
    for (let step = 0; step < 2; step++) await page.goBack()
    await standing.waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  it('follows the failing source to its reason', async () => {
    await page.getByRole('table', { name: 'Failing sources' }).getByRole('link', { name: '198.51.100.7' }).click()
    await page.waitForURL('**/sources/198.51.100.7?*')
    const standing = page.getByRole('region', { name: 'What this source is' })
    await standing.getByText('Signed by esp.example instead of example.com, so DKIM does not align.').waitFor()
    await standing.getByText('Sent 123 messages as example.com; 0% pass DMARC.').waitFor()
  })

  it('follows the source to the report and its raw XML', async () => {
    await page.getByRole('table', { name: 'Reporters' }).getByRole('link', { name: 'receiver.example' }).click()
    await page.getByRole('table', { name: 'Reports' }).getByRole('link', { name: 'receiver.example' }).click()
    await page.getByRole('heading', { name: 'receiver.example about example.com' }).waitFor()
    await page.getByRole('link', { name: 'Raw XML' }).click()
    const xml = page.getByRole('region', { name: 'Raw XML' })
    await xml.getByText('<source_ip>198.51.100.7</source_ip>').waitFor()
    const shown = (await xml.locator('pre').allInnerTexts()).join('\n')
    expect(shown.trim()).toBe(report.trim())
  })

  it('comes back by the back button, filter and all', async () => {
    for (let step = 0; step < 4; step++) await page.goBack()
    await page.waitForURL(`**/?from=${DAY}&to=2026-01-04`)
    await page.getByRole('table', { name: 'Failing sources' }).waitFor()
  })

  it('takes a failure report and a TLS report the same way', async () => {
    await page.getByRole('link', { name: 'Intake', exact: true }).first().click()
    await page.getByRole('heading', { name: 'Report files' }).waitFor()
    await drop({ 'failure.eml': failure.toString(), 'tls.json': tlsJson({ day: DAY }).toString() })
    await page.getByText('2 of 2 files read').waitFor()
  })

  it('sets the failed message beside what aggregate reports count of its source and day', async () => {
    await page.locator('.uploads').getByRole('link', { name: 'Open failure report' }).click()
    const standing = page.getByRole('region', { name: 'What failed' })
    await standing.getByText('A message from 198.51.100.7 in the name of example.com fails DMARC. It was rejected.').waitFor()
    await page.getByRole('region', { name: 'Header of the message' }).getByText('Invoice 4711').waitFor()
    const evidence = page.getByRole('table', { name: 'What aggregate reports count' })
    expect(await evidence.getByRole('row', { name: /receiver\.example/ }).innerText()).toMatch(/123\s+✕\s*fail\s+✕\s*fail/)
  })

  it('hides recipients, and with them the mail, until the operator switches them on', async () => {
    await page.getByText('a…@example.org').first().waitFor()
    expect(await page.getByRole('main').innerText()).not.toContain('anna.berg@example.org')
    await page.getByRole('link', { name: 'mail, part' }).click()
    await page.getByRole('button', { name: 'Download mail' }).click()
    await page.getByRole('alert').getByText('This mail holds other people’s addresses').waitFor()
    await page.getByRole('link', { name: 'Change that in the settings' }).click()
    await page.getByRole('checkbox', { name: /Show me recipients/ }).click()
    await page.getByText('Addresses are shown to you from now on.').waitFor()
    await page.goBack()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download mail' }).click()
    expect((await download).suggestedFilename()).toMatch(/^mail-\d+\.eml$/)
  })

  it('says who has looked at a failure report before', async () => {
    await page.getByRole('link', { name: 'Open failure report' }).click()
    await page.getByText('anna.berg@example.org').first().waitFor()
    const openings = await page.locator('.openings').innerText()
    expect(openings).toMatch(/^admin, .* UTC, with addresses\nadmin, .* UTC, without addresses$/)
  })

  it('leads from what was repaired to all deviations of that reporter', async () => {
    await page.getByRole('link', { name: 'Deviations of this reporter' }).click()
    await page.getByRole('heading', { name: 'Deviations' }).waitFor()
    const row = page.getByRole('table', { name: 'Deviations' }).getByRole('row', { name: /Feedback-Type/ })
    await row.getByText('A required element is missing or empty').waitFor()
  })

  it('shows the sessions of a TLS report by domain, why some failed and what to do', async () => {
    await page.getByRole('link', { name: 'TLS', exact: true }).click()
    await page.getByText('There are no TLS reports under this filter').waitFor()
    await page.goto(`${product.url}/tls?from=${DAY}&to=2026-01-04`)
    await page.getByRole('table', { name: 'Policy domains' }).getByRole('link', { name: 'example.com' }).click()
    await page.getByRole('heading', { name: 'TLS reports about example.com' }).waitFor()
    const standing = page.getByRole('region', { name: 'How sessions fare' })
    await standing.getByText('90.0% of 100 sessions with example.com succeeded; 10 sessions failed.').waitFor()
    await standing.getByText('Renew it, and check that the mail server loads renewed certificates').waitFor()
    await page.getByRole('table', { name: 'TLS reports' }).getByRole('link', { name: 'sender example' }).click()
    await page.getByRole('heading', { name: 'sender example about example.com' }).waitFor()
    await page.getByText('mode: enforce').waitFor()
  })

  it('had no fault on any page', () => {
    expect(faults).toEqual([])
  })
})
