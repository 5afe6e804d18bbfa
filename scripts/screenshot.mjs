/** Makes docs/screenshot.png from the built page: a dense run and two methods at two sparsities, on small shapes. */
import { join } from 'node:path'
import { preview } from 'vite'
import { launch, smallShapes } from './browser.mjs'

const runs = [
  'Dense',
  ...['Magnitude', 'SEVENdyn'].flatMap((method) => [0.5, 0.95].map((sparsity) => `${method} ${sparsity}`)),
]

process.chdir(join(import.meta.dirname, '..'))
const server = await preview({ preview: { port: 0 }, logLevel: 'error' })
const browser = await launch()
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
await page.goto(`${server.resolvedUrls.local[0]}?backend=webgpu&software=1${smallShapes}300`)
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
  console.log(
    run,
    await page.getByRole('region', { name: 'What happens now', exact: true }).getByText('weights kept').innerText(),
  )
}
// Half-way, while the last method prunes: every class of weights is on the map.
await page.getByText(/step 1[5-9]\d of/).waitFor({ timeout: 600_000 })
await page.screenshot({ path: 'docs/screenshot.png' })
await browser.close()
await server.close()
