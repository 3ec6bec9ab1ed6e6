import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { type Product, startProduct } from '../harness/product.ts'

/** What a page is waited for at most: on a busy machine time decides no test. */
const patienceMs = 60_000
const PASSWORD = 'a long enough password'

/** The system's Chromium; distributions call it one or the other. */
function chromiumPath(): string {
  const known = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  const found = known.find((path) => path !== undefined && existsSync(path))
  if (!found) throw new Error('the browser tests need Chromium; set CHROMIUM to its path')
  return found
}

export interface Dashboard {
  product: Product
  /** A page with the administrator's session, and what went wrong in it. */
  open(path: string, options?: BrowserContextOptions): Promise<Watched>
  /** A page of somebody who has not signed in. */
  openAsStranger(path: string, options?: BrowserContextOptions): Promise<Watched>
  closeWindows(): Promise<void>
  close(): Promise<void>
}

export interface Watched {
  page: Page
  /** Errors of scripts, refusals by the security policy, and answers of 500; other refusals are no faults by themselves. */
  faults: string[]
}

/** Starts the product on an empty data folder and a browser, and creates the administrator over the API. */
export async function openDashboard(): Promise<Dashboard> {
  const product = await startProduct()
  const browser = await launch()
  const session = await createAdministrator(browser, product)
  const openIn = async (context: BrowserContext, path: string): Promise<Watched> => {
    const page = await context.newPage()
    const faults = watch(page)
    await page.goto(product.url + path)
    return { page, faults }
  }
  return {
    product,
    open: async (path, options = {}) => openIn(await browser.newContext({ locale: 'en-GB', ...options, storageState: session }), path),
    openAsStranger: async (path, options = {}) => openIn(await browser.newContext({ locale: 'en-GB', ...options }), path),
    async closeWindows() {
      for (const context of browser.contexts()) await context.close()
    },
    async close() {
      await browser.close()
      await product.stop()
      product.remove()
    },
  }
}

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })

type Session = Awaited<ReturnType<BrowserContext['storageState']>>

async function createAdministrator(browser: Browser, product: Product): Promise<Session> {
  const secret = new URL(product.setupLink ?? '').hash.replace('#secret=', '')
  const context = await browser.newContext()
  const answer = await context.request.post(`${product.url}/api/v1/setup`, {
    headers: { origin: product.url },
    data: { secret, name: 'admin', password: PASSWORD },
  })
  if (!answer.ok()) throw new Error(`no administrator: ${await answer.text()}`)
  const session = await context.storageState()
  await context.close()
  return session
}

export function watch(page: Page): string[] {
  page.setDefaultTimeout(patienceMs)
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('response', (answer) => {
    if (answer.status() === 500) faults.push(`${answer.status()} ${answer.url()}`)
  })
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) faults.push(message.text())
  })
  return faults
}

export interface SentFile {
  name: string
  content: Buffer
}

/** Hands files to the product as the pages do, and waits until they are read. */
export async function upload({ page }: Watched, product: Product, files: readonly SentFile[]): Promise<void> {
  for (const { name, content } of files) {
    const answer = await page.request.post(`${product.url}/api/v1/reports`, {
      headers: { origin: product.url },
      multipart: { file: { name, mimeType: 'application/octet-stream', buffer: content } },
    })
    if (!answer.ok()) throw new Error(`${name}: ${await answer.text()}`)
  }
}
