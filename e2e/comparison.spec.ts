import { readFileSync } from 'node:fs'
import { fromLink } from '../src/config/link'
import { expect, link, test, tiny, wasm, type Playground } from './playground'

test('a method is found by typing and taken with keys, and its formula is drawn', async ({ playground, page }) => {
  await playground.open(link(tiny))
  const picker = playground.picker('Method')
  await picker.focus()
  await page.keyboard.press('ArrowDown')
  const list = page.getByRole('listbox', { name: 'Method' })
  await expect(list.getByRole('group', { name: 'Before training' })).toBeVisible()
  const all = await list.getByRole('option').count()
  await page.keyboard.type('1810.02340')
  await expect(list.getByRole('option')).not.toHaveCount(all)
  await expect(picker).toHaveAttribute('aria-activedescendant', /-\w+$/)
  await page.keyboard.press('Escape')
  await expect(list).toHaveCount(0)
  await expect(picker).toHaveValue('SEVENdyn')

  await page.keyboard.press('ArrowDown')
  await page.keyboard.type('snip')
  await page.keyboard.press('Enter')
  await expect(picker).toHaveValue('SNIP')
  await expect.poll(() => fromLink(page.url()).experiment.method.id).toBe('snip')
  const setUp = await playground.openSetUp()
  await expect(setUp.locator('.katex-html')).toBeVisible()
  await page.evaluate(() => document.fonts.ready)
  expect(await page.evaluate(() => document.fonts.check('16px KaTeX_Math'))).toBe(true)
  await setUp.getByText('Strengths, weaknesses, cost').click()
  await expect(setUp).toContainText('4 gradient passes before training, no mask change in training.')
})

async function downloaded(playground: Playground, button: string): Promise<string> {
  const waiting = playground.page.waitForEvent('download')
  await playground.panel('Accuracy against sparsity').getByRole('button', { name: button, exact: true }).click()
  return readFileSync(await (await waiting).path(), 'latin1')
}

test('a comparison runs to its end, ranks methods, and can be taken away', async ({ playground, page }) => {
  const recipe = { 'compare.methods': 'dense_magnitude_snip', 'compare.sparsities': '0.5_0.75', 'compare.seeds': '1_2' }
  await playground.open(link({ ...tiny, 'training.steps': 12, 'training.evaluateEvery': 0, ...recipe }), wasm)
  const comparison = playground.panel('Comparison')
  // Two methods at two sparsities and dense, for two seeds.
  await comparison.getByRole('button', { name: 'Make 10 runs' }).click()
  await expect(comparison.getByRole('button', { name: 'Pause' })).toBeVisible()
  await expect(comparison).toContainText('Every run is done.', { timeout: 120_000 })
  await expect(comparison).toContainText('10 of 10 runs')
  await expect(comparison.getByRole('button', { name: 'All runs are done' })).toBeDisabled()
  expect(fromLink(page.url()).recipe).toMatchObject({ sparsities: [0.5, 0.75], seeds: [1, 2] })

  const chart = playground.panel('Accuracy against sparsity')
  await expect(chart).toContainText(/dense [\d.]+ %/)
  await expect(chart).toContainText(/most frequent class [\d.]+ %/)
  const svg = await downloadedAfterOpening(playground)
  const parsed = await page.evaluate((text) => {
    const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement
    return {
      name: root.localName,
      paths: root.querySelectorAll('path').length,
      text: root.textContent,
      references: /var\(--/.test(text),
    }
  }, svg)
  expect(parsed).toMatchObject({ name: 'svg', references: false })
  expect(parsed.paths).toBeGreaterThan(4)
  expect(parsed.text).toContain('Magnitude')
  expect((await downloaded(playground, 'Chart as PNG')).slice(1, 4)).toBe('PNG')
  const lines = (await downloaded(playground, 'CSV of runs')).trimEnd().split('\r\n')
  expect(lines).toHaveLength(11)
  expect(await downloaded(playground, 'Markdown')).toMatch(/\| 1=? \| (Magnitude|SNIP) \| [\d.]+ .+ [\d.]+ \|/)

  await chart.getByRole('button', { name: 'Ranking', exact: true }).click()
  const rows = chart.getByRole('row')
  // A head, three sparsities, five rows of methods.
  await expect(rows).toHaveCount(9)
  await expect(rows.filter({ hasText: 'SNIP' }).first()).toContainText(/[\d.]+ ± [\d.]+/)

  // What is kept is not made again, also after the page was left.
  await page.reload()
  await expect(comparison.getByRole('button', { name: 'All runs are done' })).toBeDisabled()
})

async function downloadedAfterOpening(playground: Playground): Promise<string> {
  await playground.panel('Accuracy against sparsity').getByText('Save', { exact: true }).click()
  return downloaded(playground, 'Chart as SVG')
}

test('a comparison stops where it is told, and its recipe is edited by keyboard', async ({ playground, page }) => {
  await playground.open(link({ ...tiny, 'training.steps': 2000 }), wasm)
  const comparison = playground.panel('Comparison')
  await comparison.getByRole('button', { name: 'Set up a comparison' }).click()
  await comparison.getByRole('textbox', { name: 'Sparsities' }).fill('0,5; 200')
  await page.keyboard.press('Enter')
  await expect(comparison).toContainText(
    'The comparison names the sparsity 200; it can be 0 or more and less than 1, and is left out.',
  )
  await comparison.getByRole('textbox', { name: 'Seeds' }).fill('5')
  await page.keyboard.press('Enter')
  await expect.poll(() => fromLink(page.url()).recipe).toMatchObject({ sparsities: [0.5], seeds: [5] })
  await comparison.getByRole('button', { name: /^Make \d+ runs$/ }).click()
  await comparison.getByRole('button', { name: 'Pause' }).click()
  await comparison.getByRole('button', { name: 'Resume' }).click()
  await comparison.getByRole('button', { name: 'Stop' }).click()
  await expect(comparison).toContainText('Stopped')
  await comparison.getByRole('button', { name: 'Close the comparison. Its runs stay' }).click()
  expect(fromLink(page.url()).recipe).toBeUndefined()
})
