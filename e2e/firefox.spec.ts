/**
 * The page in Firefox, which has no WebGPU on Linux: all is computed in WebAssembly. Playwright drives no Firefox but
 * its own; this one is the system's, by WebDriver BiDi.
 */
import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core'
import { expect, link, test, tiny, viewports } from './playground'

const firefox = process.env.PLAYGROUND_FIREFOX ?? ''
test.skip(firefox === '', 'No Firefox was found: install it, or give its path in PLAYGROUND_FIREFOX.')

let browser: Browser

test.beforeAll(async () => {
  browser = await puppeteer.launch({ browser: 'firefox', executablePath: firefox })
})

test.afterAll(async () => {
  await browser.close()
})

/** By its role and name, as a reader finds it. */
async function found(page: Page, role: string, name: string): Promise<ElementHandle> {
  const element = await page.waitForSelector(`::-p-aria([name="${name}"][role="${role}"])`)
  if (!element) throw new Error(`There is no ${role} "${name}".`)
  return element
}

/** What a panel says. */
const said = async (page: Page, panel: string) =>
  (await found(page, 'region', panel)).evaluate((element) => element.textContent)

/** Pixels by which the page is wider than its window. */
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

test('in Firefox a run prunes exactly, is looked back at, outlives a reload, and fits a phone', async ({ baseURL }) => {
  const page = await browser.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  const [wide, narrow] = viewports
  await page.setViewport(wide)
  await page.goto(`${baseURL}/${link(tiny)}`)
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  await (await found(page, 'button', 'Start')).click()
  // floor(2048 * 0.2) weights stay.
  await page.waitForSelector('::-p-text(409 of 2,048 weights kept)')

  const scrubber = await found(page, 'slider', 'Moment shown')
  const strip = () => said(page, 'Shown run')
  await scrubber.press('Home')
  await expect.poll(strip).toMatch(/looked at as of step \d+/)
  await scrubber.press('End')
  await expect.poll(strip).toContain('finished')

  for (const tab of ['Inside', 'Try it']) {
    await (await found(page, 'tab', tab)).click()
    await page.waitForSelector(`::-p-aria([name="${tab}"][role="tabpanel"]) section`)
  }
  await page.reload()
  await (await found(page, 'button', 'Runs')).click()
  await expect.poll(() => said(page, 'Runs, table')).toContain('SEVENdyn')

  await page.setViewport(narrow)
  await (await found(page, 'tab', 'Map')).click()
  await expect.poll(() => overflow(page)).toBeLessThanOrEqual(0)
  await page.screenshot({ path: 'test-results/firefox-390.png' })
  expect(faults).toEqual([])
})
