import type { Locator } from '@playwright/test'
import { violations } from './axe'
import { endless, expect, link, test, tiny, viewports, wasm, type Playground } from './playground'

/** Long enough to be paused on its way; it cuts from its first steps on. */
const long = link({ ...tiny, 'training.steps': endless, 'method.begin': 0 })
const modes = ['Value', 'Gradient', 'Sensitivity', 'Noise', 'Importance', 'Score', 'Age'] as const

async function choose(playground: Playground, mode: string): Promise<void> {
  await modeButton(playground, mode).click()
}

/** The word itself stands in the legend, too, and explains itself there. */
function modeButton(playground: Playground, mode: string): Locator {
  const modes = playground.page.getByRole('group', { name: 'Colour weights by' })
  return modes.getByRole('button', { name: mode, exact: true })
}

/** Numbers below the bar of colours: left end, middle, right end. */
async function ends(playground: Playground, mode: string): Promise<number[]> {
  const figure = playground.page.getByRole('figure', { name: `Colours of the map: ${mode}` })
  const range = figure.getByRole('group', { name: 'Range of the colours' })
  await expect(range).toContainText(/\d/)
  const texts = await range.locator('span').allInnerTexts()
  return texts.map((text) => Number(text.replace('−', '-').replaceAll(',', '')))
}

/** Different colours on the map, and shares of its pixels that are red or blue rather than grey. */
async function seen(playground: Playground): Promise<{ colours: number; red: number; blue: number }> {
  const pixels = await playground.mapColours()
  const share = (is: (red: number, blue: number) => boolean) =>
    pixels.filter(([red, , blue]) => is(red, blue)).length / pixels.length
  return {
    colours: new Set(pixels.map(String)).size,
    red: share((red, blue) => red > blue + 40),
    blue: share((red, blue) => blue > red + 40),
  }
}

for (const [engine, query] of [
  ['WebGPU', undefined],
  ['WebAssembly', wasm],
] as const)
  test(`on ${engine} the map shows every number with its range, while a run trains, paused and at its end`, async ({
    playground,
  }) => {
    await playground.open(long, query)
    await playground.button('Start').click()
    await expect(playground.panel('Progress')).toContainText(/step [1-9][\d,]+ of/, {
      timeout: 120_000,
    })
    await expect(playground.map).toHaveAccessibleName(/^Weight map by class, /)
    const byClass = await playground.map.screenshot()
    // Classes have their colours while the run trains: some weights are cut, others are kept.
    const cut = await playground.mapCut()
    expect(cut).toBeGreaterThan(0.01)
    expect(cut).toBeLessThan(0.99)
    await choose(playground, 'Value')
    const [low = 0, middle, high = 0] = await ends(playground, 'Value')
    expect([low, middle]).toEqual([-high, 0])
    expect(high).toBeGreaterThan(0)
    // Changes are noted from the first look on; until the next cut there is none whose age could be told.
    await choose(playground, 'Age')
    await ends(playground, 'Age')
    await choose(playground, 'Value')
    await ends(playground, 'Value')
    await playground.button('Pause').click()
    await expect(playground.button('Resume')).toBeVisible()
    expect((await playground.map.screenshot()).equals(byClass)).toBe(false)
    const values = await seen(playground)
    expect(Math.min(values.red, values.blue)).toBeGreaterThan(0.01)
    const shots = new Set<string>()
    for (const mode of modes) {
      await choose(playground, mode)
      const [from = NaN, , to = NaN] = await ends(playground, mode)
      expect(to, mode).toBeGreaterThan(from)
      // Cuts are few, and so are their ages.
      expect((await seen(playground)).colours, mode).toBeGreaterThan(mode === 'Age' ? 2 : 20)
      shots.add((await playground.map.screenshot()).toString('base64'))
      await expect(playground.map).toHaveAccessibleName(new RegExp(`^Weight map by ${mode.toLowerCase()}, `))
    }
    expect(shots.size).toBe(modes.length)
    await playground.button('Stop').click()
    await expect(playground.panel('What happens now')).toContainText('Stopped at step')
    await choose(playground, 'Importance')
    expect((await ends(playground, 'Importance'))[0]).toBe(0)
  })

test('the chosen number is reached by keyboard, read out first, and remembered, but no part of the link', async ({
  playground,
  page,
}) => {
  await playground.open(link(tiny), wasm)
  await playground.runToEnd()
  const before = page.url()
  await playground.panel('Weight map').getByRole('button', { name: 'Class', exact: true }).focus()
  for (let i = 0; i < 3; i++) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(modeButton(playground, 'Sensitivity')).toHaveAttribute('aria-pressed', 'true')
  await playground.map.focus()
  await page.keyboard.press('ArrowRight')
  await expect(playground.panel('Weight map').getByRole('status')).toHaveText(/^sensitivity [\d.e–-]+, .*(kept|cut), /)
  expect(page.url()).toBe(before)
  await page.reload()
  await playground.runToEnd()
  await expect(modeButton(playground, 'Sensitivity')).toHaveAttribute('aria-pressed', 'true')
  expect((await ends(playground, 'Sensitivity'))[2]).toBeGreaterThan(0)
})

test('where a method has no score of every kept weight, the legend says so', async ({ playground }) => {
  await playground.open(link({ ...tiny, method: 'dense' }), wasm)
  await playground.runToEnd()
  await choose(playground, 'Score')
  await expect(playground.panel('Weight map')).toContainText('Dense has no score of every kept weight')
})

test('a weight that is clicked is followed, by keyboard too, until another one is or it is left', async ({
  playground,
  page,
}) => {
  await playground.open(long, wasm)
  await playground.button('Start').click()
  await expect(playground.panel('Progress')).toContainText(/step [1-9][\d,]+ of/, { timeout: 120_000 })
  await playground.map.click({ position: await playground.mapPoint(0.3, 0.4) })
  const followed = page.getByRole('region', { name: 'Followed weight' })
  await expect(followed).toContainText(/row \d+, column \d+, steps [\d,]+ to [\d,]+: (kept|cut) now/)
  const lines = ['Value', 'Gradient', 'Noise', 'Importance'] as const
  for (const name of lines)
    await expect(
      followed.getByRole('img', { name: new RegExp(`^${name} from step [\\d,]+ to [\\d,]+: `) }),
    ).toBeVisible()
  const text = await followed.innerText()
  await expect.poll(() => followed.innerText()).not.toBe(text)
  const place = async () => /row \d+, column \d+/.exec(await followed.innerText())?.[0]
  const first = await place()
  await playground.map.click({ position: await playground.mapPoint(0.36, 0.43) })
  await expect.poll(place).not.toBe(first)
  const second = await place()
  // Neither Enter without a cursor nor a click beside the weights is about another weight.
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
  await playground.map.dispatchEvent('pointerdown', { clientX: 0, clientY: 0, button: 0, pointerId: 1 })
  await playground.map.dispatchEvent('click', { clientX: 0, clientY: 0 })
  const still = await followed.innerText()
  await expect.poll(() => followed.innerText()).not.toBe(still)
  expect(await place()).toBe(second)
  await followed.getByRole('button', { name: 'Stop following' }).click()
  await expect(followed).toBeHidden()
  await playground.button('Pause').click()
  await playground.map.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(followed).toContainText(/row \d+, column \d+, step [\d,]+: /)
  await expect(followed).toContainText('One reading so far. Lines appear while the run trains.')
  await playground.button('One step').click()
  await expect(followed).toContainText(/row \d+, column \d+, steps [\d,]+ to [\d,]+: /)
  expect(await violations(page)).toEqual([])
})

test('a weight that is followed after the end of a run is a point, and the page says why', async ({
  playground,
  page,
}) => {
  await playground.open(link(tiny), wasm)
  await playground.runToEnd()
  await playground.map.click({ position: await playground.mapPoint(0.3, 0.4) })
  const followed = page.getByRole('region', { name: 'Followed weight' })
  await expect(followed).toContainText('The run has ended, so only its last step is known.')
  const line = followed.getByRole('img', { name: /^Value/ }).locator('path')
  await expect(line).toHaveAttribute('d', /^M[\d.]+ [\d.]+h0$/)
  await playground.map.focus()
  await page.keyboard.press('ArrowRight')
  // The number of the map comes first: by value, before the class.
  await choose(playground, 'Value')
  await playground.map.focus()
  await page.keyboard.press('ArrowRight')
  await expect(playground.panel('Weight map').getByRole('status')).toHaveText(/^value [\d.e−–-]+, .*(kept|cut), /)
})

for (const width of [320, 390, 1280])
  test(`at ${width} px the legend of a number fits, and axe finds nothing in either theme`, async ({
    playground,
    page,
  }) => {
    await page.setViewportSize({ width, height: 844 })
    await playground.open(link(tiny), wasm)
    await playground.runToEnd()
    await choose(playground, 'Importance')
    await ends(playground, 'Importance')
    expect(await playground.overflow()).toBeLessThanOrEqual(0)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await ends(playground, 'Importance')
      expect(await violations(page)).toEqual([])
    }
  })

for (const viewport of viewports)
  test(`heads and neurons are outlined and named, ${viewport.width} px`, async ({ page, playground }) => {
    await page.setViewportSize(viewport)
    await playground.open(link(tiny), wasm)
    await playground.runToEnd()
    const map = await playground.show('Weight map')
    const lines = page.locator('.map-units path')
    await expect(lines).toHaveCount(0)
    await map.getByRole('button', { name: 'Heads, neurons' }).click()
    // Two heads in each of query, key, value and output.
    await expect.poll(async () => (await lines.nth(1).getAttribute('d'))?.match(/M/g)?.length).toBeGreaterThanOrEqual(8)
    const chosen = page.locator('.map-unit-chosen')
    await expect(chosen).toHaveAttribute('d', '')
    await playground.map.focus()
    await page.keyboard.press('ArrowRight')
    // The head under the cursor is marked in all four matrices.
    await expect(chosen).toHaveAttribute('d', /^(M[^M]+){4}$/)
    await expect(map).toContainText(/row \d+, column \d+, head 0/)
    await expect(map.getByRole('status').filter({ hasText: /, head 0$/ })).toBeAttached()
    expect(await violations(page)).toEqual([])
    await map.getByRole('slider', { name: 'Moment shown' }).press('Home')
    await map.getByRole('button', { name: 'Heads, neurons' }).click()
    await expect.poll(async () => (await lines.nth(1).getAttribute('d'))?.match(/M/g)?.length).toBeGreaterThanOrEqual(8)
  })
