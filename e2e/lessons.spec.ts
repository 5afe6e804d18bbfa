import { violations } from './axe'
import { expect, link, test, tiny, viewports, wasm } from './playground'

for (const viewport of viewports) {
  test.describe(`at ${viewport.width} px`, () => {
    test.use({ viewport })

    test('a lesson asks, waits for a run, says what came, and gives the own set-up back', async ({
      playground,
      page,
    }) => {
      await playground.open(link(tiny), wasm)
      const own = new URL(page.url()).hash
      const panel = await playground.show('Lessons')
      await panel.getByRole('button', { name: 'Why small is not unimportant' }).click()
      expect(page.url()).toContain('lesson=small')
      await expect(panel.getByRole('button', { name: 'Set it up for me' })).toHaveCount(0)
      await panel.getByRole('radio', { name: /^Hardly any/ }).check()
      await panel.getByRole('button', { name: 'Set it up for me' }).click()
      await expect(panel).toContainText('Set up: press Start.')
      await expect(page.locator('[data-pointed]')).toHaveText('Start')
      // The prediction outlives the visit.
      await page.reload()
      await expect(panel.getByRole('radio', { name: /^Hardly any/ })).toBeChecked()
      await playground.runToEnd()
      const found = panel.getByRole('status')
      await expect(found).toContainText('You predictedHardly any: fewer than 5 %')
      await expect(found).toContainText(/What cameMany.+Of [\d,]+ sentinels Magnitude cut [2-6]\d.\d\s%/)
      expect(await playground.overflow()).toBeLessThanOrEqual(0)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await violations(page), colorScheme).toEqual([])
      }
      await page.screenshot({ path: `test-results/lesson-${viewport.width}.png`, fullPage: true })
      // The end of the lesson asks for a look at another tab, and waits for it.
      await expect(found).toContainText('Waiting for you.')
      await expect(page.locator('[data-pointed]')).toHaveText('Inside')
      await page.getByRole('tab', { name: 'Inside' }).click()
      await playground.show('Lessons')
      await expect(found).toContainText('Done.')
      await expect(page.locator('[data-pointed]')).toHaveCount(0)
      await panel.getByRole('button', { name: 'Leave the lesson' }).click()
      expect(new URL(page.url()).hash).toBe(own)
      expect(page.url()).not.toContain('lesson=')

      // A word of the page explains itself, under the focus, until Escape.
      const word = playground.panel('What happens now').getByRole('button', { name: 'Accuracy' })
      await word.focus()
      await expect(page.getByRole('tooltip')).toContainText('The share of held-out examples')
      await page.screenshot({ path: `test-results/term-${viewport.width}.png` })
      await page.keyboard.press('Escape')
      await expect(page.getByRole('tooltip')).toHaveCount(0)
      await expect(word).toBeFocused()
      await word.hover()
      await page.getByRole('tooltip').hover()
      await expect(page.getByRole('tooltip')).toBeVisible()
    })
  })
}
