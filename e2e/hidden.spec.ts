import type { Page } from '@playwright/test'
import { endless, expect, link, test, tiny, wasm, type Playground } from './playground'

/**
 * As if another tab came to the front, or went again: headless Chromium shows every page, so the document is told so by
 * hand.
 */
async function see(page: Page, state: DocumentVisibilityState): Promise<void> {
  await page.evaluate((visibilityState) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: visibilityState })
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)
}

/** The settings of the engine. */
async function openEngine(playground: Playground): Promise<void> {
  const setUp = await playground.openSetUp()
  await setUp.locator('summary', { hasText: /^Engine/ }).click()
}

test.describe('a hidden tab', () => {
  test('trains on, unless the reader says so; that is remembered and not part of the link', async ({
    playground,
    page,
  }) => {
    const hash = link({ ...tiny, 'training.steps': endless })
    await playground.open(hash, wasm)
    await playground.button('Start').click()
    await expect.poll(() => playground.step()).toBeGreaterThan(0)
    await see(page, 'hidden')
    const before = await playground.step()
    await expect.poll(() => playground.step()).toBeGreaterThan(before + 20)
    await see(page, 'visible')
    await playground.button('Stop').click()
    await expect(playground.button('Start')).toBeVisible()

    await openEngine(playground)
    await page.getByRole('checkbox', { name: 'Pause while the tab is hidden' }).check()
    expect(new URL(page.url()).hash).not.toMatch(/hidden/i)
    await page.reload()
    await openEngine(playground)
    await expect(page.getByRole('checkbox', { name: 'Pause while the tab is hidden' })).toBeChecked()
    await playground.button('Start').click()
    await expect.poll(() => playground.step()).toBeGreaterThan(0)
    await see(page, 'hidden')
    await expect(playground.button('Resume')).toBeVisible()
    const paused = await playground.restingStep()
    await see(page, 'visible')
    await expect(playground.button('Pause')).toBeVisible()
    await expect.poll(() => playground.step()).toBeGreaterThan(paused)
  })
})
