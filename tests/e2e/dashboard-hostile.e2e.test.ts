import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { failureMail, tlsFailure, tlsJson, tlsPolicy } from '../harness/other-kinds.ts'
import { testXml } from '../harness/reports.ts'
import { type Dashboard, openDashboard, upload } from './browser.ts'

const SCRIPT = '<img src=x onerror="window.taken=1"><script>window.taken=1</script>'
const TURNED = 'gro.elpmaxe\u202e\u200b'
const PERIOD = 'from=2026-01-01&to=2026-02-01'

let dashboard: Dashboard
let reportId: string
let failureId: string
let tlsId: string
let senderId: string

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
  await upload(watched, dashboard.product, [
    { name: `${SCRIPT}.xml`, content: Buffer.from(xml) },
    { name: 'failure.eml', content: hostileFailure() },
    { name: 'tls.json', content: hostileTls() },
  ])
  const firstOf = async (path: string): Promise<string> => {
    const answer = await watched.page.request.get(`${dashboard.product.url}/api/v1${path}?${PERIOD}`)
    const { items } = (await answer.json()) as { items: { id: string }[] }
    if (!items[0]) throw new Error(`nothing at ${path}`)
    return items[0].id
  }
  reportId = await firstOf('/reports')
  failureId = await firstOf('/failures')
  tlsId = await firstOf('/tls/reports')
  // Senders are named behind the ingest path, a moment after the report is read.
  senderId = await vi.waitFor(() => firstOf('/senders'), { timeout: 60_000, interval: 300 })
})

/** A message that its sender wrote for whoever reads failure reports. */
function hostileFailure(): Buffer {
  return failureMail({
    arrivalDate: Date.parse('2026-01-05T10:00:00Z') / 1000,
    authFailure: SCRIPT.toLowerCase(),
    deliveryResult: 'javascript:window.taken=1',
    userAgent: SCRIPT + TURNED,
    authenticationResults: [SCRIPT + TURNED],
    dkim: { domain: 'example.com', selector: SCRIPT, identity: SCRIPT },
    spfDns: [SCRIPT],
    original: {
      from: null,
      subject: null,
      messageId: null,
      body: null,
      headers: [
        { name: 'From', value: `${SCRIPT} <a@example.com>` },
        { name: 'Subject', value: `${SCRIPT} ${TURNED}` },
        { name: 'Message-ID', value: `<${SCRIPT}@example.com>` },
        { name: 'X-Link', value: 'javascript:window.taken=1 https://evil.example/ <a href="https://evil.example/">' },
      ],
    },
  })
}

function hostileTls(): Buffer {
  const failure = tlsFailure({
    resultType: SCRIPT.toLowerCase(),
    receivingMxHostname: SCRIPT,
    receivingMxHelo: SCRIPT + TURNED,
    additionalInformation: 'javascript:window.taken=1',
    failureReasonCode: SCRIPT + TURNED,
  })
  const further = tlsFailure({ additionalInformation: 'https://evil.example/', failureReasonCode: TURNED })
  return tlsJson({
    day: '2026-01-05',
    organization: SCRIPT + TURNED,
    contact: 'javascript:window.taken=1',
    reportId: SCRIPT + TURNED,
    policies: [tlsPolicy({ policyStrings: [SCRIPT, TURNED], mxHosts: [SCRIPT], failureDetails: [failure, further] })],
  })
}
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
      `/failures?${PERIOD}`,
      `/failures/${failureId}`,
      `/tls?${PERIOD}`,
      `/tls?${PERIOD}&domain=example.com`,
      `/tls/${tlsId}`,
      `/senders?${PERIOD}`,
      `/senders/${senderId}?${PERIOD}`,
      `/inbox?${PERIOD}`,
      '/alerts',
      '/deviations',
      '/ingest',
    ]
    const { page, faults } = await dashboard.open('/settings')
    const findings: string[] = []
    for (const path of paths) {
      await page.goto(dashboard.product.url + path)
      await page.locator('h1').waitFor()
      await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'))
      const found = await page.evaluate(() => ({
        isTaken: 'taken' in window,
        images: [...document.querySelectorAll('img')].filter((image) => image.getAttribute('src') !== '/mark.svg').length,
        links: [...document.querySelectorAll('a')].filter((link) => link.origin !== location.origin).length,
        invisible: /[\u202a-\u202e\u200b]/.test(document.body.innerText + document.title),
      }))
      if (found.isTaken || found.images > 0 || found.links > 0 || found.invisible) findings.push(`${path}: ${JSON.stringify(found)}`)
      findings.push(...faults.splice(0).map((fault) => `${path}: ${fault}`))
    }
    await page.context().close()
    expect(findings).toEqual([])
  })

  it('is shown, with the deceiving characters by their number', async () => {
    const { page } = await dashboard.open(`/reports/${reportId}`)
    await page.getByText('‹U+202E›').first().waitFor()
    await page.getByText('<img src=x onerror=').first().waitFor()
    await page.context().close()
  })

  it('is shown of failure and TLS reports as well, word for word', async () => {
    const { page } = await dashboard.open(`/failures/${failureId}`)
    const header = page.getByRole('region', { name: 'Header of the message' })
    await header.getByText('https://evil.example/').waitFor()
    await header.getByText('‹U+202E›').waitFor()
    await page.goto(`${dashboard.product.url}/tls/${tlsId}`)
    await page.getByText('https://evil.example/').waitFor()
    await page.getByText('‹U+202E›').first().waitFor()
    await page.context().close()
  })

  it('comes as a download under our name when it is fetched raw', async () => {
    const { page } = await dashboard.open(`/reports/${reportId}`)
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download XML' }).click()
    expect((await download).suggestedFilename()).toBe(`report-${reportId}.xml`)
    await page.goto(`${dashboard.product.url}/tls/${tlsId}`)
    const json = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download JSON' }).click()
    expect((await json).suggestedFilename()).toBe(`tls-report-${tlsId}.json`)
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
    // A question that is still open would be the one that finds the session ended.
    await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'))
    await page.context().clearCookies()
    await page.getByRole('link', { name: 'Reporters' }).click()
    await page.waitForURL('**/login?return=*')
    expect(new URL(page.url()).searchParams.get('return')).toBe(`/reporters?${PERIOD}`)
    await page.context().close()
  })
})
