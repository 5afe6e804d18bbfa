import { violations } from './axe'
import { endless, expect, link, test, tiny, wasm, wide } from './playground'

test('axe finds nothing to object to, before a run and after it, in light colours and in dark ones', async ({
  playground,
  page,
}) => {
  const expectNone = async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await violations(page), colorScheme).toEqual([])
    }
  }
  await playground.open(link(tiny), wasm)
  await expectNone()
  await playground.runToEnd()
  await expectNone()
})

test('everything is reached by keyboard: start, pause, and the weight map', async ({ playground, page }) => {
  await playground.open(link({ ...tiny, 'training.steps': endless }), wasm)
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'To the run controls' })).toBeFocused()
  const address = page.url()
  await page.keyboard.press('Enter')
  await expect(playground.panel('Progress')).toBeFocused()
  expect(page.url()).toBe(address)
  await expect(page.getByText('is not one of an experiment')).toHaveCount(0)
  await page.keyboard.press('Tab')
  await expect(playground.button('Start')).toBeFocused()
  await page.keyboard.press('Space')
  await expect(playground.button('Pause')).toBeFocused()
  await expect.poll(() => playground.step()).toBeGreaterThan(0)
  await page.keyboard.press('Space')
  await expect(playground.button('Resume')).toBeFocused()
  await playground.map.focus()
  await page.keyboard.press('ArrowRight')
  await expect(playground.panel('Weight map')).toContainText(/row \d+, column \d+/)
  await expect(playground.panel('Weight map')).toContainText('Importance')
  await expect(playground.panel('Weight map').getByRole('status')).toHaveText(
    /^[A-Z].*, value .+, importance .+; row \d+, column \d+ of /,
  )
})

const viewports = {
  phone: { width: 375, height: 740 },
  'small phone': { width: 320, height: 640 },
  laptop: wide,
}

test('nothing is cut off and Start is on the first screen, on phones and on a laptop', async ({ playground, page }) => {
  const expectToFit = async (look: (height: number) => Promise<void>) => {
    for (const [name, viewport] of Object.entries(viewports)) {
      await page.setViewportSize(viewport)
      await test.step(name, () => look(viewport.height))
      await expect.poll(() => playground.overflow(), name).toBeLessThanOrEqual(0)
    }
  }
  await playground.open(link(tiny), wasm)
  await expectToFit(async (height) => {
    const start = await playground.button('Start').boundingBox()
    expect(start && start.y + start.height).toBeLessThan(height)
  })
  await playground.runToEnd()
  await expectToFit(() => expect(playground.map).toBeVisible())
})
