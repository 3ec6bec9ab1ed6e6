import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testXml } from '../harness/reports.ts'
import { type Dashboard, openDashboard, upload } from './browser.ts'

const SCRIPT = '<img src=x onerror="window.taken=1"><script>window.taken=1</script>'
const TURNED = 'gro.elpmaxe\u202e\u200b'
const PERIOD = 'from=2026-01-01&to=2026-02-01'

let dashboard: Dashboard
let reportId: string

beforeAll(async () => {
  dashboard = await openDashboard()
  const watched = await dashboard.open('/settings')
  const xml = testXml({
    reporter: SCRIPT,
    reportId: SCRIPT + TURNED,
    day: 5,
    records: [
      {
        count: 3,
        dkim: 'fail',
        spf: 'fail',
        headerFrom: SCRIPT,
        envelopeFrom: SCRIPT,
        reasons: [{ type: 'other', comment: SCRIPT + TURNED }],
        auth: {
          dkim: [{ domain: SCRIPT, selector: SCRIPT, result: 'pass', humanResult: SCRIPT }],
          spf: [{ domain: TURNED, scope: 'mfrom', result: 'pass', humanResult: TURNED }],
        },
      },
    ],
  }).replace('</report_metadata>', '<extra_contact_info>javascript:window.taken=1</extra_contact_info></report_metadata>')
  await upload(watched, dashboard.product, [{ name: `${SCRIPT}.xml`, content: Buffer.from(xml) }])
  const { items } = (await (await watched.page.request.get(`${dashboard.product.url}/api/v1/reports?${PERIOD}`)).json()) as {
    items: { id: string }[]
  }
  reportId = items[0]?.id ?? ''
  expect(reportId).not.toBe('')
})
afterAll(() => dashboard?.close())

describe('what a report says', () => {
  it('is text on every page, never markup, script or a link', async () => {
    const paths = [
      `/?${PERIOD}`,
      `/sources?${PERIOD}`,
      `/sources/192.0.2.1?${PERIOD}`,
      `/reporters?${PERIOD}`,
      `/reports?${PERIOD}`,
      `/reports/${reportId}`,
      `/reports/${reportId}/xml`,
      '/ingest',
    ]
    const findings: string[] = []
    for (const path of paths) {
      const { page, faults } = await dashboard.open(path)
      await page.locator('h1').waitFor()
      await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'))
      const found = await page.evaluate(() => ({
        isTaken: 'taken' in window,
        images: [...document.querySelectorAll('img')].filter((image) => image.getAttribute('src') !== '/mark.svg').length,
        links: [...document.querySelectorAll('a')].filter((link) => !/^https?:$/.test(link.protocol)).length,
        invisible: /[\u202a-\u202e\u200b]/.test(document.body.innerText),
      }))
      if (found.isTaken || found.images > 0 || found.links > 0 || found.invisible) findings.push(`${path}: ${JSON.stringify(found)}`)
      findings.push(...faults.map((fault) => `${path}: ${fault}`))
      await page.context().close()
    }
    expect(findings).toEqual([])
  })

  it('is shown, with the deceiving characters by their number', async () => {
    const { page } = await dashboard.open(`/reports/${reportId}`)
    await page.getByText('‹U+202E›').first().waitFor()
    await page.getByText('<img src=x onerror=').first().waitFor()
    await page.context().close()
  })

  it('comes as a download under our name when it is fetched raw', async () => {
    const { page } = await dashboard.open(`/reports/${reportId}`)
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download XML' }).click()
    expect((await download).suggestedFilename()).toBe(`report-${reportId}.xml`)
    await page.context().close()
  })
})

describe('the pages', () => {
  it('run nothing but their own files', async () => {
    const { page } = await dashboard.open('/')
    const policy = (await page.request.get(dashboard.product.url)).headers()['content-security-policy'] ?? ''
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toContain('unsafe')
    await page.context().close()
  })

  it('ask no other host', async () => {
    const { page } = await dashboard.open('/login')
    const hosts = new Set<string>()
    page.on('request', (request) => hosts.add(new URL(request.url()).host))
    await page.goto(`${dashboard.product.url}/?${PERIOD}`)
    await page.locator('canvas').waitFor()
    await page.waitForLoadState('networkidle')
    expect([...hosts]).toEqual([new URL(dashboard.product.url).host])
    await page.context().close()
  })

  it('lead back to where they were when the session has ended', async () => {
    const { page } = await dashboard.open(`/sources?${PERIOD}`)
    await page.getByRole('heading', { name: 'Sources' }).waitFor()
    await page.context().clearCookies()
    await page.getByRole('link', { name: 'Reporters' }).click()
    await page.waitForURL('**/login?return=*')
    expect(new URL(page.url()).searchParams.get('return')).toBe(`/reporters?${PERIOD}`)
    await page.context().close()
  })
})
