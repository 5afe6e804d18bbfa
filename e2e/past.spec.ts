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
