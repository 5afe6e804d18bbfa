import type { Locator, Page } from '@playwright/test'
import { violations } from './axe'
import { keepRuns } from './keptRuns'
import { expect, link, test, tiny, viewports, wasm, type Playground } from './playground'

const methods = ['dense', 'sevenDyn', 'sevenPre', 'snip', 'magnitude', 'magnitude*scope*layer', 'random']
const compared = (...ids: readonly string[]) =>
  link({ ...tiny, 'compare.methods': ids.join('_'), 'compare.sparsities': '0.5_0.8_0.95', 'compare.seeds': '1_2_3' })

interface Box {
  readonly what: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Boxes of what a selector finds in a part of the page. */
function boxes(part: Locator, selector: string): Promise<Box[]> {
  return part.locator(selector).evaluateAll((all) =>
    all.map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect()
      return { what: element.textContent || element.tagName, x, y, width, height }
    }),
  )
}

/** Whether two boxes share more than their rim. */
function overlap(a: Box, b: Box): boolean {
  return (
    Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 1
    && Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 1
  )
}

function clashes(some: readonly Box[], others: readonly Box[]): string[] {
  return some.flatMap((a) => others.filter((b) => b !== a && overlap(a, b)).map((b) => `${a.what} / ${b.what}`))
}

/** The stored comparison, with its chart drawn. */
async function opened(playground: Playground, ...ids: readonly string[]): Promise<Locator> {
  await keepRuns(playground.page, compared(...ids))
  await playground.open(compared(...ids))
  // Another link alone changes the page that is open, which has read its shelf already.
  await playground.page.reload()
  const panel = await playground.show('Accuracy against sparsity')
  await expect(panel.getByRole('application')).toBeVisible()
  return panel
}

for (const viewport of viewports) {
  test.describe(`at ${viewport.width} px`, () => {
    test.use({ viewport })

    test('no label of a chart lies over another, over a tick or over points', async ({ playground, page }) => {
      const panel = await opened(playground, ...methods)
      const [texts, surface, keys] = [
        await boxes(panel, '.plot text, .axis-titles span'),
        await boxes(panel, '.plot-surface'),
        await boxes(panel, '.legend > *'),
      ]
      expect(texts.length).toBeGreaterThan(8)
      expect(clashes(texts, texts)).toEqual([])
      expect(clashes(texts, surface)).toEqual([])
      expect(clashes(keys, [...keys, ...texts])).toEqual([])
      const frame = await panel.boundingBox()
      expect(
        [...texts, ...keys].filter(
          (box) => box.x < (frame?.x ?? 0) || box.x + box.width > (frame?.x ?? 0) + (frame?.width ?? 0),
        ),
      ).toEqual([])
      await expect(panel.locator('.legend')).toContainText('most frequent class 11.0 %')
      expect(
        await page.evaluate(() => getComputedStyle(document.querySelector('.plot text')!).fontVariantNumeric),
      ).toBe('tabular-nums')
    })

    test('a reading lies beside its point and is spoken, and points at one place are all listed', async ({
      playground,
      page,
    }) => {
      const panel = await opened(playground, ...methods)
      await panel.getByRole('application').focus()
      await page.keyboard.press('ArrowRight')
      // Three dense runs within half a point lie over each other: all are listed.
      await expect(panel.locator('.bubble')).toContainText(/(Dense, seed \d[\d.]+ %){3}/)
      const covered: string[] = []
      // Six methods at three sparsities, a mean and three seeds each, and three dense runs: 75 points, of which the
      // last are at 95 %.
      for (let i = 0; i < 75; i++) {
        if (i > 0) await page.keyboard.press('ArrowRight')
        const [bubbles, points] = [await boxes(panel, '.bubble'), await boxes(panel, '.plot svg circle')]
        expect(bubbles).toHaveLength(1)
        covered.push(...clashes(bubbles, points))
        const right = (bubbles[0]?.x ?? 0) + (bubbles[0]?.width ?? 0)
        if (right > viewport.width || (bubbles[0]?.x ?? 0) < 0) covered.push(`${bubbles[0]?.what} leaves the page`)
      }
      expect(covered).toEqual([])
      await expect(panel.getByRole('status')).toHaveText(
        /^\w+, seed \d, [\d.]+ %.*; Held-out accuracy; Sparsity of the prunable weights 95 %$/,
      )
    })

    test('a chart says why a weight was kept, and finds it on the map and back', async ({ playground, page }) => {
      await playground.open(link({ ...tiny, method: 'sevenPre' }), wasm)
      await playground.runToEnd()
      const panel = await playground.show('Why it was kept')
      await expect(panel).toContainText(/is where the last cut of this run divided kept from cut: \d+ of \d+ points/)
      await expect(panel.locator('.legend')).toContainText('as many by sensitivity alone, as SNIP')
      const [, right = 0, all = 1] = (/: ([\d,]+) of ([\d,]+) points/.exec(await panel.innerText()) ?? []).map(Number)
      expect(right / all).toBeGreaterThan(0.9)
      const chart = panel.getByRole('application')
      await chart.focus()
      for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight')
      await expect(panel.getByRole('status')).toHaveText(/(kept|cut): block0 .*, row \d+, column \d+; importance /)
      if (viewport.width < 760) await page.keyboard.press('Enter')
      await expect(playground.map.locator('.map-pointed')).toBeVisible()
      // And back: what is followed on the map is marked in the chart.
      await playground.map.focus()
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Enter')
      await expect(page.locator('.followed')).toBeVisible()
      await playground.show('Why it was kept')
      await expect(panel.locator('.legend')).toContainText('on the map')
      await panel.getByRole('button', { name: 'Mean and best batch' }).click()
      await expect(panel.getByRole('figure')).toHaveAccessibleName(/by importance, the mean over batches, and by peak/)
      expect(await playground.overflow()).toBeLessThanOrEqual(0)
      await panel.getByRole('combobox', { name: 'Layer' }).selectOption({ index: 1 })
    })

    test('a result is printed on one or two sheets, in light colours and without controls', async ({
      playground,
      page,
    }) => {
      await page.emulateMedia({ colorScheme: 'dark' })
      await playground.open(link(tiny), '?backend=wasm')
      await playground.runToEnd()
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      for (const role of ['button', 'combobox', 'textbox', 'slider', 'checkbox'] as const)
        await expect(page.getByRole(role)).toHaveCount(0)
      await expect(playground.panel('Loss and accuracy').locator('.plot svg').first()).toBeVisible()
      await expect(playground.panel('Weight map').locator('canvas')).toBeVisible()
      expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('light')
      const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
      const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0
      expect(pages).toBeGreaterThanOrEqual(1)
      expect(pages).toBeLessThanOrEqual(2)
    })

    test('axe finds nothing to object to in light colours and in dark ones, in no view of a comparison', async ({
      playground,
      page,
    }) => {
      const panel = await opened(playground, ...methods)
      const expectNone = async (view: string) => {
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          expect(await violations(page), `${view}, ${colorScheme}`).toEqual([])
        }
      }
      for (const view of ['Chart', 'Ranking', 'Runs']) {
        await panel.getByRole('button', { name: view, exact: true }).click()
        await expectNone(view)
      }
      for (const tab of ['Compare', 'Inside', 'Cost', 'Learn']) {
        await page.getByRole('tab', { name: tab, exact: true }).click()
        await expect(page.getByRole('tabpanel', { name: tab }).getByRole('region').first()).toBeVisible()
        await expectNone(tab)
      }
      await playground.openSetUp()
      await expectNone('Set-up')
    })
  })
}

/** How a method is drawn: colour and outline of its mark. */
function look(mark: Locator): Promise<string> {
  return mark
    .locator('path')
    .first()
    .evaluate((path) => `${getComputedStyle(path).stroke} ${getComputedStyle(path).fill} ${path.getAttribute('d')}`)
}

async function looks(page: Page, panel: Locator, names: readonly string[]): Promise<string[]> {
  await panel.getByRole('button', { name: 'Chart', exact: true }).click()
  const drawn = await Promise.all(
    names.map((name) => look(panel.locator('.legend .key').filter({ hasText: new RegExp(`^${name}$`) }))),
  )
  for (const view of ['Ranking', 'Runs']) {
    await panel.getByRole('button', { name: view, exact: true }).click()
    const listed = await Promise.all(
      names.map((name) =>
        look(
          page
            .getByRole('rowheader', { name })
            .filter({ hasText: new RegExp(`${name}$`) })
            .first(),
        ),
      ),
    )
    expect(listed, view).toEqual(drawn)
  }
  return drawn
}

test('a method has one colour and shape in chart, tables and legend, whoever is beside it', async ({
  playground,
  page,
}) => {
  const names = ['SNIP', 'Random']
  const all = await looks(page, await opened(playground, ...methods), names)
  expect(new Set(all).size).toBe(2)
  expect(await looks(page, await opened(playground, 'snip', 'grasp', 'random'), names)).toEqual(all)
})
