import { violations } from './axe'
import { expect, link, test, tiny, viewports, wasm } from './playground'

const run = link({
  ...tiny,
  method: 'magnitude',
  'method.sparsity': 0.8,
  'method.schedule': 'gradual',
  'method.begin': 0.2,
  'method.end': 0.8,
  'method.every': 5,
  'training.steps': 100,
})

for (const viewport of viewports) {
  test(`a run is looked back at: the map, its counts, and charts follow, ${viewport.width} px`, async ({
    page,
    playground,
  }) => {
    await page.setViewportSize(viewport)
    await playground.open(run, wasm)
    const { prunable } = await playground.runToEnd()
    const map = await playground.show('Weight map')
    const moment = map.getByRole('slider', { name: 'Moment shown' })
    await expect(moment).toHaveAttribute('aria-valuetext', 'the end')
    const atEnd = await playground.cut()
    expect(atEnd).toBe(Math.round(0.8 * prunable))

    await moment.press('Home')
    await expect(moment).toHaveAttribute('aria-valuetext', /^step \d+, 0\.0 % cut$/)
    await expect.poll(() => playground.cut()).toBe(0)
    await expect(playground.panel('Shown run')).toContainText(/looked at as of step \d+/)
    // What is cut from one moment to the next adds up to all that is cut.
    let lost = 0
    while (lost < atEnd) {
      await moment.press('ArrowRight')
      const counts = map.getByRole('list', { name: 'Colours of the map' }).locator('.range')
      const numbers = (await counts.allInnerTexts()).map((text) => Number(text.replaceAll(',', '')))
      const [kept = 0, now = 0, back = 0, before = 0] = numbers
      expect([kept + now + back + before, back, before]).toEqual([prunable, 0, lost])
      lost += now
      await expect.poll(() => playground.cut()).toBe(lost)
    }

    // A click follows a weight through all moments.
    await playground.map.click({ position: await playground.mapPoint(0.2, 0.4) })
    await expect(map.getByRole('region', { name: 'Followed weight' })).toContainText(/steps \d+ to 100/)
    // Or what it is a part of: a row, a head, or its whole matrix.
    const follow = map.getByRole('group', { name: 'Follow' })
    await follow.getByRole('button', { name: /^Head \d$/ }).click()
    const head = map.getByRole('region', { name: 'Followed head' })
    await expect(head).toContainText(/Head \d of block0 attention, steps 1 to 100/)
    await expect(head.getByRole('img', { name: /^Gradient from step 1 to 100: between/ })).toBeVisible()
    await follow.getByRole('button', { name: 'Layer' }).click()
    const share = map.getByRole('region', { name: 'Followed layer' }).getByRole('img', { name: /^Share kept/ })
    await expect(share).toHaveAccessibleName(/^Share kept from step 1 to 100: between 0\.\d+ and 1$/)
    expect(await violations(page)).toEqual([])
    const layers = await playground.show('Sparsity per layer')
    const now = await layers.innerText()
    await playground.show('Weight map')
    await moment.press('Home')
    await playground.show('Sparsity per layer')
    await expect.poll(() => layers.innerText()).not.toBe(now)
    await playground.show('Weight map')
    await map.getByRole('button', { name: 'The end' }).click()
    await expect(moment).toHaveAttribute('aria-valuetext', 'the end')
    await expect.poll(() => playground.cut()).toBe(atEnd)
  })
}

for (const viewport of viewports) {
  test(`masks of two methods are laid over each other, ${viewport.width} px`, async ({ page, playground }) => {
    await page.setViewportSize(viewport)
    const compared = { 'compare.methods': 'sevenDyn_snip', 'compare.sparsities': '0.8', 'compare.seeds': '1' }
    await playground.open(link({ ...tiny, ...compared }), wasm)
    const panel = await playground.show('A | B: what each keeps')
    await expect(panel).toContainText('Two runs of the same data, model and seed')
    await (await playground.show('Comparison')).getByRole('button', { name: /^Make 2 runs$/ }).click()
    await panel.getByRole('button', { name: /^SEVENdyn against SNIP at 80/ }).click()
    await expect(panel).toContainText(/A keeps 409 weights and B 410; [\d,]+ are the same ones. By chance/)
    const kinds = async () => {
      const counts = panel.getByRole('list', { name: 'Colours of the map' }).locator('.range')
      return (await counts.allInnerTexts()).map((text) => Number(text.replaceAll(',', '')))
    }
    const [both = 0, onlyA = 0, onlyB = 0, neither = 0] = await kinds()
    expect([both + onlyA, both + onlyB, both + onlyA + onlyB + neither]).toEqual([409, 410, 2048])
    expect(both).toBeLessThan(409)
    const table = panel.getByRole('region', { name: 'Overlap of the masks, table' })
    await expect(table.getByRole('row').last()).toContainText(String(both))
    // The other way round, and after a reload, it is the same pair.
    const [a, b] = [panel.getByRole('combobox', { name: 'A' }), panel.getByRole('combobox', { name: 'B' })]
    await a.selectOption({ label: (await b.locator('option:checked').textContent()) ?? '' })
    await expect.poll(kinds).toEqual([both, onlyB, onlyA, neither])
    await expect(a.locator('option:checked')).toContainText('SNIP')
    const map = panel.getByRole('application', { name: /^Masks of A/ })
    await map.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await expect(panel.getByRole('region', { name: /^Followed weight in [AB]$/ })).toHaveCount(2)
    await expect(panel.getByRole('status').filter({ hasText: /in A, .* in B/ })).toBeAttached()
    expect(await violations(page)).toEqual([])
    await page.reload()
    await expect(panel).toContainText(/A keeps \d+ weights and B \d+/)
  })
}

test('heads and neurons fade with the moment that is shown, and dead ones are taken out of the count', async ({
  page,
  playground,
}) => {
  await playground.open(link({ ...tiny, method: 'magnitude', 'method.sparsity': 0.9 }), wasm)
  await playground.runToEnd()
  const panel = await playground.show('Heads and neurons')
  await expect(panel).toContainText(/After step 60, \d+ of 2 heads and ([1-9]|[12]\d|3[0-2]) of 32 neurons are dead\./)
  await expect(panel).toContainText(/shrink from 2,048 to [\d,]+ weights/)
  const grid = panel.getByRole('img', { name: /^block0\/mlp: \d+ of 32 neurons, \d\.\d % of their weights$/ })
  await expect(grid).toBeVisible()
  const neurons = Number((await grid.getAttribute('aria-label'))?.match(/: (\d+) of/)?.[1])
  await panel.getByText('Sizes of the matrices', { exact: false }).click()
  const sizes = panel.getByRole('region', { name: 'Sizes of the matrices, table' })
  await expect(sizes.getByRole('row', { name: `block0 mlp in 16 x 32 16 x ${neurons}` })).toBeVisible()
  await expect(sizes.getByRole('row', { name: `block0 mlp out 32 x 16 ${neurons} x 16` })).toBeVisible()
  expect(await violations(page)).toEqual([])
  await playground.panel('Weight map').getByRole('slider', { name: 'Moment shown' }).press('Home')
  await expect(panel).toContainText('0 of 2 heads and 0 of 32 neurons are dead. Nothing can be taken out')
})
