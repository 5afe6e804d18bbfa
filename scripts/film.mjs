/**
 * Films what a reader sees where something breaks in the middle of a run: three pictures of each accident, before it,
 * right after it and when the run went on. Of the built page: `npm run build && node scripts/film.mjs [FOLDER
 * [SCENE]]`.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { preview } from 'vite'
import { launch, smallShapes } from './browser.mjs'

process.chdir(join(import.meta.dirname, '..'))
const [folder = 'test-results/film', only] = process.argv.slice(2)

/** @typedef {import('playwright-core').Page} Page */

/** Ends the device in the midst of a step, as a driver does that is restarted. @param {Page} page */
async function destroyDevice(page) {
  await page.workers()[0].evaluate(() => {
    const { createCommandEncoder } = GPUDevice.prototype
    GPUDevice.prototype.createCommandEncoder = function (...given) {
      GPUDevice.prototype.createCommandEncoder = createCommandEncoder
      this.destroy()
      return createCommandEncoder.apply(this, given)
    }
  })
}

/** @param {Page} page */
async function killGpuProcess(page) {
  const browser = await page.context().browser().newBrowserCDPSession()
  await browser.send('Browser.crashGpuProcess')
}

/** @param {Page} page @param {number | undefined} quotaSize bytes; undefined for what the disk has */
async function setQuota(page, quotaSize) {
  const session = await page.context().newCDPSession(page)
  await session.send('Storage.overrideQuotaForOrigin', {
    origin: new URL(page.url()).origin,
    ...(quotaSize === undefined ? {} : { quotaSize }),
  })
  // The override ends with its session, so the session stays open.
}

const button = (page, name) => page.getByRole('button', { name, exact: true })
const run = (page) => page.getByRole('region', { name: 'What happens now', exact: true })
const says = (page, text) => run(page).getByText(text).first().waitFor({ timeout: 240_000 })

const progress = (page) => page.getByRole('region', { name: 'Progress', exact: true })

/** Waits until further steps are made. @param {Page} page */
async function moves(page) {
  const steps = progress(page).getByText(/^step [\d,]+ of/)
  const [now] = (await steps.innerText()).split(' of')
  await steps.filter({ hasNotText: now }).waitFor({ timeout: 240_000 })
}

/** Opens the experiment and trains for some steps, which are saved, and for some more. @param {Page} page */
async function train(page, query) {
  await page.goto(`${address}${query}${smallShapes}4000`)
  await button(page, 'Start').click()
  await progress(page)
    .getByText(/step [1-9]\d{2,} of/)
    .waitFor({ timeout: 240_000 })
  // A pause saves at once.
  await button(page, 'Pause').click()
  const isSaved = () => JSON.parse(localStorage.getItem('pruning-playground/left-run') ?? '[]')[0]?.step >= 100
  await page.waitForFunction(isSaved, null, { timeout: 240_000 })
  await button(page, 'Resume').click()
  await says(page, 'Training')
  await moves(page)
}

/** On WebGPU, and each accident that takes the device away. */
const lost = (accident) => async (page, shot) => {
  await train(page, '?backend=webgpu&software=1')
  await shot('before')
  await accident(page)
  await says(page, 'The GPU was lost')
  await shot('just-after')
  await says(page, /The run goes on at step/)
  await moves(page)
  await shot('goes-on')
}

const scenes = {
  'device-destroyed': lost(destroyDevice),
  'gpu-process-killed': lost(killGpuProcess),
  'tab-closed': async (page, shot) => {
    await train(page, '?backend=wasm')
    await shot('before')
    const again = await page.context().newPage()
    await page.close()
    await again.goto(address)
    await button(again, 'Continue').waitFor()
    await shot('just-after', again)
    await button(again, 'Continue').click()
    await says(again, /The run goes on at step/)
    await moves(again)
    await shot('goes-on', again)
  },
  'disk-full': async (page, shot) => {
    await train(page, '?backend=wasm')
    await shot('before')
    await setQuota(page, 1)
    await button(page, 'Pause').click()
    await says(page, /cannot save this run/)
    await says(page, 'Paused')
    await shot('just-after')
    await setQuota(page, undefined)
    await button(page, 'Resume').click()
    await button(page, 'Pause').click()
    await says(page, /saves the run again/)
    await button(page, 'Resume').click()
    await says(page, 'Training')
    await moves(page)
    await shot('goes-on')
  },
}

if (only !== undefined && !Object.hasOwn(scenes, only))
  throw new Error(`There is no scene "${only}". Name one of ${Object.keys(scenes).join(', ')}, or none for all.`)
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const server = await preview({ preview: { port: 0 }, logLevel: 'error' })
const address = server.resolvedUrls.local[0]
for (const [name, play] of Object.entries(scenes)) {
  if (only !== undefined && only !== name) continue
  const browser = await launch()
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  let number = 0
  const shot = async (moment, of = page) => {
    const path = join(folder, `${name}-${++number}-${moment}.png`)
    await of.screenshot({ path, timeout: 240_000 })
    console.log(path)
  }
  try {
    await play(page, shot)
  } finally {
    await browser.close()
  }
}
await server.close()
