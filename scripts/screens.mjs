/**
 * `npm run screens`: pictures of every view of the built page in each of its states, at four widths, in light and dark
 * colours, for a person to look at: test-results/screens. `npm run screens -- WIDTH` takes those of one width.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { preview } from 'vite'
import { launch, smallShapes } from './browser.mjs'

process.chdir(join(import.meta.dirname, '..'))
const folder = 'test-results/screens'
const sizes = [
  [1920, 1080],
  [1280, 800],
  [768, 1024],
  [390, 844],
]
const [only] = process.argv.slice(2)
const chosen = sizes.filter(([width]) => only === undefined || String(width) === only)
if (chosen.length === 0) throw new Error(`There is no width ${only}. Name one of ${sizes.map(([w]) => w).join(', ')}.`)

/** @typedef {import('playwright-core').Page} Page */

const button = (page, name) => page.getByRole('button', { name, exact: true })
const ended = (page) =>
  page
    .getByText(/weights kept/)
    .first()
    .waitFor({ timeout: 240_000 })

/** Each state of the page, and how it comes about. @type {Record<string, (page: Page, shot: Function) => Promise<void>>} */
const states = {
  async empty(page, shot) {
    await open(page, `${smallShapes}400`)
    await shot('empty')
    await button(page, /^Set-up/).click()
    await shot('empty-set-up')
  },
  async run(page, shot) {
    await open(page, `${smallShapes}2000`)
    await button(page, 'Start').click()
    await page
      .getByText(/step [1-9][\d,]{2,} of/)
      .first()
      .waitFor({ timeout: 240_000 })
    await shot('running')
    await button(page, 'Stop').click()
    await page
      .getByText(/Stopped at step/)
      .first()
      .waitFor({ timeout: 240_000 })
    for (const tab of await page.getByRole('tab').allInnerTexts()) {
      await page.getByRole('tab', { name: tab, exact: true }).click()
      await shot(`finished-${tab.toLowerCase().replace(' ', '-')}`)
    }
  },
  async comparison(page, shot) {
    await open(
      page,
      `${smallShapes}200&compare.methods=dense_magnitude_sevenDyn&compare.sparsities=0.5_0.9&compare.seeds=1`,
    )
    await page.getByRole('tab', { name: 'Compare', exact: true }).click()
    await button(page, /^Make \d+ runs$/).click()
    await page.getByText('Every run is done.').waitFor({ timeout: 600_000 })
    await shot('comparison')
    const curves = page.getByRole('tab', { name: 'Curves', exact: true })
    if (await curves.count()) await curves.click()
    for (const view of ['Ranking', 'Runs']) {
      await button(page, view).click()
      await shot(`comparison-${view.toLowerCase()}`)
    }
  },
  async masks(page, shot) {
    await open(page, `${smallShapes}300&compare.methods=sevenDyn_snip&compare.sparsities=0.8&compare.seeds=1`)
    await page.getByRole('tab', { name: 'Compare', exact: true }).click()
    await button(page, 'Make 2 runs').click()
    await page.getByText('Every run is done.').waitFor({ timeout: 600_000 })
    await button(page, /^SEVENdyn against SNIP at 80/).click()
    await shot('two-masks')
  },
  async past(page, shot) {
    await open(page, `${smallShapes}400`)
    await button(page, 'Start').click()
    await ended(page)
    const map = page.getByRole('tab', { name: 'Map', exact: true })
    if (await map.count()) await map.click()
    const moment = page.getByRole('slider', { name: 'Moment shown' })
    for (let i = 0; i < 8; i++) await moment.press('ArrowLeft')
    await shot('past')
  },
  async lesson(page, shot) {
    await open(page, `${smallShapes}400`)
    await page.getByRole('tab', { name: 'Learn', exact: true }).click()
    await button(page, 'Why small is not unimportant').click()
    await page.getByRole('radio').first().check()
    await button(page, 'Set it up for me').click()
    await shot('lesson')
    await button(page, 'Start').click()
    await ended(page)
    await shot('lesson-found')
  },
  async failed(page, shot) {
    await page.route(/huggingface/, (route) => route.abort())
    await open(page, '#/v1?data=cifar10&data.train=500')
    await button(page, 'Start').click()
    await page.getByRole('alert').waitFor({ timeout: 240_000 })
    await shot('failed')
  },
}

/** @param {Page} page */
async function open(page, hash) {
  await page.goto(`${address}?backend=wasm${hash}`)
  await button(page, 'Start').waitFor()
  // Charts come a moment later.
  await page.waitForTimeout(1500)
}

execFileSync('vite', ['build', '--logLevel', 'error'], { stdio: 'inherit' })
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const server = await preview({ preview: { port: 0 }, logLevel: 'error' })
const address = server.resolvedUrls.local[0]
for (const [width, height] of chosen) {
  for (const play of Object.values(states)) {
    const browser = await launch()
    const page = await browser.newPage({ viewport: { width, height } })
    const shot = async (name) => {
      await page.waitForTimeout(800)
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme })
        await page.waitForTimeout(300)
        await page.screenshot({
          path: join(folder, `${width}-${name}-${colorScheme}.png`),
          fullPage: name !== 'running',
        })
      }
      await page.emulateMedia({ colorScheme: 'light' })
    }
    try {
      await play(page, shot)
    } finally {
      await browser.close()
    }
  }
}
await server.close()
