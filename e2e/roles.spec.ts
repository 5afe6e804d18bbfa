import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { decode } from 'fast-png'
import jsQR from 'jsqr'
import { embedCode } from '../src/config/embedCode'
import { fromLink } from '../src/config/link'
import { violations } from './axe'
import { expect, link, test, tiny, viewports, wasm } from './playground'

/** So that what is not there is told soon. */
test.use({ actionTimeout: 20_000 })

const task = 'Which method *keeps* most?\n\n- **SNIP**\n- <b>SEVEN</b> https://example.org'

for (const viewport of viewports)
  test(`a link locks, hides, and sets a task at ${viewport.width} px`, async ({ playground, page }) => {
    await page.setViewportSize(viewport)
    await playground.open(
      `${link({ ...tiny, lock: 'method_training.steps', hide: 'seed' })}&task=${encodeURIComponent(task)}`,
    )
    const panel = playground.panel('Task')
    await expect(panel.getByRole('listitem')).toHaveText(['SNIP', '<b>SEVEN</b> https://example.org'])
    await expect(panel.locator('strong, em')).toHaveText(['keeps', 'SNIP'])
    await expect(panel.locator('a, b')).toHaveCount(0)
    await expect(playground.picker('Method')).toBeDisabled()
    const setUp = await playground.openSetUp()
    await setUp.locator('summary', { hasText: /^Training/ }).click()
    await expect(setUp.getByRole('textbox', { name: 'Steps', exact: true })).toBeDisabled()
    await expect(setUp.getByRole('textbox', { name: 'Batch', exact: true })).toBeEnabled()
    await expect(setUp.getByText('Seed', { exact: true })).toHaveCount(0)
    await expect(setUp.getByText('Locked by the link.').first()).toBeVisible()
    expect(await violations(page)).toEqual([])
    expect(await playground.overflow()).toBeLessThanOrEqual(0)
    await page.screenshot({ path: `test-results/role-locked-${viewport.width}.png` })
    await setUp.getByRole('button', { name: 'Close' }).click()
    await page.screenshot({ path: `test-results/role-task-${viewport.width}.png` })
    // What is changed besides keeps the role in the address.
    const before = new URL(page.url()).hash
    expect(before).toContain('lock=method_training.steps')
    await playground.button('Start').click()
    await playground.ended()
    expect(new URL(page.url()).hash).toBe(before)
  })

test('a stage shows what the last row can read, and its run begins once', async ({ playground, page }) => {
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.goto(`/${wasm}&stage=1&autostart=1${link(tiny)}`)
  const sentence = page.getByText(/^Accuracy .+ weights kept/)
  await expect(sentence).toBeVisible()
  expect(new URL(page.url()).search).toBe(wasm)
  await expect(page.locator('.plot-area')).toBeVisible()
  expect(await smallestText(page)).toBeGreaterThanOrEqual(24)
  const fits = await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight)
  expect(fits).toBe(true)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await violations(page), colorScheme).toEqual([])
    await page.screenshot({ path: `test-results/role-stage-${colorScheme}.png` })
  }
  // The finished run is kept: it is shown again, not made again.
  await page.reload()
  await expect(
    page.getByRole('application', { name: /^Weight map/ }).or(page.getByText(/^No map of this run/)),
  ).toBeVisible()
  await expect(page.getByText('kept run · accuracy')).toBeVisible()
  await expect(playground.button('Start')).toBeVisible()
  await page.waitForTimeout(1500)
  await expect(playground.panel('Progress')).not.toContainText('step 60 of 60')
  // Where the engine that was asked for is refused, even a frame says so, with a way on.
  await page.goto(`/?backend=webgpu${link({ ...tiny, seed: 2, embed: 1, autostart: 1 })}`)
  await expect(page.getByRole('alert')).toContainText(/software/)
  await expect(playground.button('Start')).toBeEnabled()
})

test('a frame on a page of another origin runs, with threads where that page is isolated', async ({
  page,
  baseURL,
}) => {
  const code = embedCode(`${baseURL}/${wasm}${link({ ...tiny, embed: 1 })}`).replace('width="720"', 'width="100%"')
  const server = await serve(`<!doctype html><title>Elsewhere</title><body style="margin:0">${code}`)
  const { port } = server.address() as AddressInfo
  try {
    for (const isolated of [false, true]) {
      await page.goto(`http://127.0.0.1:${port}/${isolated ? 'isolated' : ''}`)
      const frame = page.frameLocator('iframe')
      await frame.getByRole('button', { name: 'Start' }).click()
      await expect(frame.locator('.meter-detail')).toContainText('step 60 of 60')
      await expect(frame.getByRole('application', { name: /^Weight map/ })).toBeVisible()
      await expect(frame.locator('.plot-area')).toBeVisible()
      await expect(frame.getByRole('tab')).toHaveCount(0)
      const inside = page.frames()[1]
      expect(await inside?.evaluate(() => crossOriginIsolated)).toBe(isolated)
      for (const [width, height] of [
        [720, 480],
        [360, 420],
      ] as const) {
        await page.locator('iframe').evaluate((element, h) => element.setAttribute('height', String(h)), height)
        await page.setViewportSize({ width, height })
        const over = () =>
          inside?.evaluate(() => [
            document.documentElement.scrollWidth - document.documentElement.clientWidth,
            document.documentElement.scrollHeight - innerHeight,
          ])
        await expect.poll(over).toEqual([0, 0])
        await page.screenshot({ path: `test-results/role-embed-${width}.png` })
      }
      const whole = frame.getByRole('link', { name: 'Whole page' })
      expect(await whole.getAttribute('href')).not.toContain('embed')
    }
  } finally {
    server.close()
  }
})

test('a stand goes on through a failure, waits for a visitor, and begins again', async ({
  playground,
  page,
  expectedErrors,
}) => {
  expectedErrors.push(/Failed to load resource|net::ERR/)
  // The second of its presets needs data that nobody has.
  await page.route(/huggingface|\/data\/sst2\//, (route) => route.abort())
  await page.goto(
    `/${wasm}${link({ data: 'shapes', method: 'magnitude', kiosk: 'toy_sst2-nano_phrases-quick', idle: 6 })}`,
  )
  const strip = page.getByRole('complementary', { name: 'Stand' })
  const now = playground.panel('What happens now')
  await expect(strip).toContainText('1 of 3: Toy.')
  await expect(now).toContainText(/weights kept/)
  await expect(strip).toContainText('2 of 3: SST-2, BERT nano.')
  await expect(page.getByRole('alert')).toBeVisible()
  await page.screenshot({ path: 'test-results/role-kiosk-failed.png' })
  await expect(strip).toContainText('3 of 3: Phrases, quick.')
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(now).toContainText(/weights kept/)
  await page.screenshot({ path: 'test-results/role-kiosk.png' })
  await strip.getByRole('button', { name: 'Full screen' }).click()
  await expect(strip.getByRole('button', { name: 'Leave full screen' })).toBeVisible()
  await page.getByRole('tab', { name: 'Learn' }).click()
  await page.waitForTimeout(3000)
  await expect(page.getByRole('tab', { name: 'Learn' })).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByRole('tab', { name: 'Compare' })).toHaveAttribute('aria-selected', 'true')
  await expect(strip).toContainText('1 of 3: Toy.')
  expect(await violations(page)).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await playground.overflow()).toBeLessThanOrEqual(0)
  await page.screenshot({ path: 'test-results/role-kiosk-390.png' })
})

for (const viewport of viewports)
  test(`a link for others is made by clicking, with its QR code, at ${viewport.width} px`, async ({
    playground,
    page,
    context,
  }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.setViewportSize(viewport)
    await playground.open(link(tiny), wasm)
    const own = page.url()
    await page.locator('summary', { hasText: 'More' }).click()
    await page.getByRole('button', { name: /^QR code/ }).click()
    const dialog = page.getByRole('dialog', { name: 'A link for others' })
    const made = dialog.getByRole('textbox', { name: 'The link' })
    await expect(made).toHaveValue(own)
    await dialog.getByRole('button', { name: 'Frame' }).click()
    await dialog.getByRole('textbox', { name: 'Task, shown above the map' }).fill(task)
    await dialog.locator('summary', { hasText: 'Lock or hide' }).click()
    await dialog.getByRole('combobox', { name: 'Method', exact: true }).selectOption('locked')
    await dialog.getByRole('combobox', { name: 'Seed', exact: true }).selectOption('hidden')
    const address = await made.inputValue()
    expect(fromLink(address)).toMatchObject({
      notes: [],
      role: { task, embed: true, lock: ['method'], hide: ['seed'] },
    })
    await dialog.getByRole('button', { name: "Copy the frame's HTML" }).click()
    await expect(dialog).toContainText('HTML copied.')
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(embedCode(address))

    // What is drawn is what is written, on the page and in the file.
    const qr = dialog.getByRole('img', { name: 'QR code of the link' })
    await expect(qr).toBeVisible()
    await expect(dialog.getByRole('button', { name: 'Save QR as PNG' })).toBeEnabled()
    expect(decoded(await qr.screenshot())).toBe(address)
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Save QR as PNG' }).click(),
    ])
    const png = readFileSync(await saved.path())
    expect(decode(png).width).toBeGreaterThan(2000)
    expect(decoded(png)).toBe(address)
    expect(await violations(page)).toEqual([])
    expect(await playground.overflow()).toBeLessThanOrEqual(0)
    await page.screenshot({ path: `test-results/role-maker-${viewport.width}.png` })

    await dialog.getByRole('textbox', { name: 'Task, shown above the map' }).fill('任务'.repeat(300))
    await expect(dialog).toContainText(
      /Some programs cut off what is longer than 2,000\. Most of it is task \([\d,]+\)/,
    )
    await expect(dialog).toContainText(/a QR code that still reads when a third of it is dirty holds 1,273/)
    await dialog.getByRole('button', { name: 'Close' }).click()
    await expect(dialog).toHaveCount(0)
    expect(page.url()).toBe(own)
  })

/** The text of a QR code in a picture. */
function decoded(png: Buffer): string | undefined {
  const { data, width, height, channels } = decode(png)
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255)
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 3; c++) rgba[4 * i + c] = data[channels * i + (channels < 3 ? 0 : c)] ?? 0
  return jsQR(rgba, width, height)?.data
}

/** Pixels of the smallest text that can be seen. */
function smallestText(page: Page): Promise<number> {
  return page.evaluate(() => {
    const sizes = [...document.querySelectorAll<HTMLElement>('body *')].flatMap((element) => {
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== '')
      const box = element.getBoundingClientRect()
      if (!own || box.width < 2 || box.height < 3 || !element.checkVisibility()) return []
      if (element.closest('.unseen, .panel > h2')) return []
      const zoom = (element as unknown as { currentCSSZoom?: number }).currentCSSZoom ?? 1
      return [zoom * parseFloat(getComputedStyle(element).fontSize)]
    })
    return Math.min(...sizes)
  })
}

/** Another origin; `/isolated` is isolated as our page is. */
async function serve(body: string): Promise<Server> {
  const server = createServer((request, response) => {
    const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
    response.writeHead(200, { 'Content-Type': 'text/html', ...(request.url === '/isolated' ? headers : {}) })
    response.end(body)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return server
}
