import { violations } from './axe'
import { expect, link, test, tiny } from './playground'

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme} colours`, () => {
    test.use({ colorScheme })

    test('axe finds nothing to object to, before a run and after it', async ({ playground, page }) => {
      await playground.open(link(tiny))
      expect(await violations(page)).toEqual([])
      await playground.runToEnd()
      await page.reload()
      await playground.runToEnd()
      expect(await violations(page)).toEqual([])
    })
  })
}

test('everything is reached by keyboard: start, pause, and the weight map', async ({ playground, page }) => {
  await playground.open(link({ ...tiny, 'training.steps': 2000 }))
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'To the run controls' })).toBeFocused()
  await playground.button('Start').focus()
  await page.keyboard.press('Space')
  await expect(playground.button('Pause')).toBeFocused()
  await expect.poll(() => playground.step()).toBeGreaterThan(0)
  await page.keyboard.press('Space')
  await expect(playground.button('Resume')).toBeFocused()
  await page.getByRole('application', { name: /^Weight map/ }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(playground.panel('Weight map')).toContainText(/row \d+, column \d+/)
  await expect(playground.panel('Weight map')).toContainText('Importance')
  await expect(playground.panel('Weight map').getByRole('status')).toHaveText(
    /^[A-Z].*, value .+, importance .+; row \d+, column \d+ of /,
  )
})

for (const [name, viewport] of Object.entries({
  phone: { width: 375, height: 740 },
  'small phone': { width: 320, height: 640 },
  laptop: { width: 1280, height: 800 },
})) {
  test.describe(`on a ${name}`, () => {
    test.use({ viewport })

    test('nothing is cut off and Start is on the first screen', async ({ playground, page }) => {
      await playground.open(link(tiny))
      const start = await playground.button('Start').boundingBox()
      expect(start && start.y + start.height).toBeLessThan(viewport.height)
      const wide = () =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      expect(await wide()).toBeLessThanOrEqual(0)
      await playground.runToEnd()
      expect(await wide()).toBeLessThanOrEqual(0)
      await expect(page.getByRole('application', { name: /^Weight map/ })).toBeVisible()
    })
  })
}
