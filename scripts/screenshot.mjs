/** Makes docs/screenshot.png from the built page: a dense run and two methods at two sparsities, on small shapes. */
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { preview } from 'vite'
import { findBrowser } from './browser.mjs'

const runs = [
  'Dense',
  ...['Magnitude', 'SEVENdyn'].flatMap((method) => [0.5, 0.95].map((sparsity) => `${method} ${sparsity}`)),
]

const experiment =
  'data=shapes&data.size=16&data.held=256&model.patch=4&model.width=32&model.depth=2&model.heads=2&model.ratio=2'
  + '&training.steps=300&training.batch=16&training.rate=0.003&training.warmup=20&training.evaluateEvery=50'

process.chdir(join(import.meta.dirname, '..'))
const server = await preview({ preview: { port: 0 }, logLevel: 'error' })
const browser = await chromium.launch({
  executablePath: findBrowser(),
  ignoreDefaultArgs: ['--headless', '--headless=old'],
  args: ['--no-sandbox', '--headless=new', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
})
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
await page.goto(`${server.resolvedUrls.local[0]}?backend=webgpu&software=1#/v1?${experiment}`)
const start = page.getByRole('button', { name: 'Start', exact: true })
for (const run of runs) {
  const [method, sparsity] = run.split(' ')
  const picker = page.getByRole('combobox', { name: 'Method', exact: true })
  await picker.press('ArrowDown')
  await picker.fill(method)
  await picker.press('Enter')
  if (sparsity) {
    await page.getByRole('textbox', { name: 'Sparsity', exact: true }).fill(sparsity)
    await page.keyboard.press('Enter')
  }
  const last = run === runs.at(-1)
  await start.click()
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor({ timeout: 120_000 })
  if (last) break
  await start.waitFor({ timeout: 600_000 })
  console.log(run, await page.getByRole('region', { name: 'Run', exact: true }).getByText('weights kept').innerText())
}
// Half-way, while the last method prunes: every class of weights is on the map.
await page.getByText(/step 1[5-9]\d of/).waitFor({ timeout: 600_000 })
await page.screenshot({ path: 'docs/screenshot.png', fullPage: true })
await browser.close()
await server.close()
