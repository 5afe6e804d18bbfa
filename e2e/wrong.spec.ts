import { violations } from './axe'
import { expect, link, test, tiny, viewports, wasm } from './playground'

for (const viewport of viewports) {
  test.describe(`at ${viewport.width} px`, () => {
    test.use({ viewport })

    test('mistakes before and after pruning stand side by side, and each opens its examples', async ({
      playground,
      page,
    }) => {
      await playground.open(link({ ...tiny, method: 'magnitude', 'method.sparsity': 0.9 }), wasm)
      const panel = await playground.show('What it gets wrong')
      await expect(panel).toContainText('When a run has ended, its mistakes stand here')
      await playground.runToEnd()
      // Until there is a dense run, the run itself before its first cut takes its place.
      await expect(panel.getByRole('combobox')).toHaveText('itself before its first cut')
      await expect(panel.getByRole('table', { name: 'Magnitude, 90 %, before its first cut' })).toBeVisible()

      await panel.getByRole('button', { name: 'Run dense, too' }).click()
      const dense = panel.getByRole('table', { name: 'Dense' })
      await expect(dense).toBeVisible({ timeout: 60_000 })
      await expect(panel.getByRole('button', { name: 'Run dense, too' })).toHaveCount(0)
      const pruned = panel.getByRole('table', { name: 'Magnitude, 90 %', exact: true })
      for (const table of [dense, pruned]) {
        const counts = (await table.getByRole('cell').allInnerTexts()).map(Number)
        expect(counts.reduce((sum, n) => sum + n, 0)).toBe(64)
      }
      await expect(panel).toContainText(/Dense: [\d.]+\s% of 64 right; Magnitude, 90\s%: [\d.]+\s%\./)
      await expect(panel).toContainText(/McNemar,\sp\s[<=]\s[\d.]+\)/)

      // By keys: one stop for each table, arrows between its cells.
      const cells = pruned.getByRole('button')
      await expect(pruned.locator('button[tabindex="0"]')).toHaveCount(1)
      await cells.first().focus()
      await page.keyboard.press('ArrowDown')
      const cell = pruned.locator('button:focus')
      const [, right, given, n] = /^(.+) taken for (.+): (\d+) of \d+$/.exec(
        (await cell.getAttribute('aria-label')) ?? '',
      )!
      await page.keyboard.press('Enter')
      const examples = panel.getByRole('region', { name: /^\d+ examples?:/ })
      await expect(examples.getByRole('status')).toContainText(
        `${n} ${n === '1' ? 'example' : 'examples'}: '${right}' that Magnitude, 90 % takes for '${given}'`,
      )
      await expect(examples.getByRole('listitem')).toHaveCount(Math.min(24, Number(n)))
      const first = examples.getByRole('listitem').first().getByRole('button')
      await expect(first.locator('canvas')).toBeVisible()
      expect(await playground.overflow()).toBeLessThanOrEqual(0)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await violations(page), colorScheme).toEqual([])
      }
      const number = /Example (\d+)/.exec(await first.innerText())?.[1]
      await first.click()
      await expect(playground.panel('Try it')).toContainText(`Held-out example ${number}.`)

      const broken = panel.getByRole('group', { name: 'Examples whose answer changed' }).getByRole('button').first()
      if (await broken.isEnabled()) {
        await broken.click()
        await expect(examples).toHaveAccessibleName(/broken: only Dense gets them right, Magnitude, 90 % does not$/)
      }
      // Every class with its share of the examples.
      const rows = panel.getByRole('region', { name: 'Accuracy of each class, table' }).getByRole('row')
      const sizes = (await rows.allInnerTexts()).flatMap((row) => /n = (\d+)/.exec(row)?.[1] ?? []).map(Number)
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(64)

      // On another visit, examples are seen again once their run is made again.
      await page.reload()
      await (
        await playground.show('Kept runs')
      )
        .getByRole('button', { name: 'Magnitude, 90 %, seed 1', exact: true })
        .click()
      await playground.show('What it gets wrong')
      await panel.getByRole('table', { name: 'Magnitude, 90 %', exact: true }).getByRole('button').first().click()
      await examples.getByRole('button', { name: 'Make this run again, and look at them' }).click()
      await expect(examples.getByRole('listitem').first().locator('canvas')).toBeVisible({ timeout: 60_000 })
    })
  })
}
