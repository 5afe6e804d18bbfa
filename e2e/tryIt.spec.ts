import { png } from '../src/data/testing'
import { violations } from './axe'
import { endless, expect, link, phrases, test, tiny, viewports, wasm } from './playground'

for (const viewport of viewports) {
  test.describe(`at ${viewport.width} px`, () => {
    test.use({ viewport })

    test('held-out pictures and an own one go through the model, and their parts are weighed', async ({
      playground,
      page,
    }) => {
      await playground.open(link(tiny), wasm)
      const panel = await playground.show('Try it')
      await expect(panel).toContainText('Start a run.')
      await playground.runToEnd()
      const says = /^Held-out example (\d+)\. The model says \w+ \([\d.]+\s%\)(, which is right|; it is \w+)\.$/
      const sentence = panel.getByRole('paragraph').filter({ hasText: 'The model says' })
      await expect(sentence).toHaveText(says)
      await expect(sentence).toContainText('Held-out example 1.')
      await panel.getByRole('button', { name: 'Next', exact: true }).click()
      await expect(sentence).toContainText('Held-out example 2.')
      await panel.getByRole('button', { name: 'Previous' }).click()
      await panel.getByRole('button', { name: 'Previous' }).click()
      await expect(sentence).toContainText('Held-out example 64.')
      await panel.getByRole('button', { name: 'Next mistake' }).click()
      await expect(sentence).toContainText('; it is ')
      // 16 x 16 pixels in patches of 8: four parts.
      await expect(panel.locator('.try-grid > span')).toHaveCount(4)
      await expect(panel.getByRole('figure', { name: /^The answer rests most on the part in row [12]/ })).toBeVisible()
      const shares = (await panel.getByRole('row').allInnerTexts()).flatMap((row) => /([\d.]+)\s%/.exec(row)?.[1] ?? [])
      expect(shares.map(Number)).toEqual([...shares.map(Number)].sort((a, b) => b - a))

      await panel
        .getByLabel('Your own picture')
        .setInputFiles({ name: 'own.png', mimeType: 'image/png', buffer: Buffer.from(png(40, 20, [200, 30, 30])) })
      await expect(sentence).toHaveText(/^The model says \w+ \([\d.]+\s%\)\.$/)
      const corner = await panel
        .locator('canvas')
        .first()
        .evaluate((canvas: HTMLCanvasElement) => [...canvas.getContext('2d')!.getImageData(0, 0, 1, 1).data])
      expect(corner).toEqual([200, 30, 30, 255])
      await panel
        .getByLabel('Your own picture')
        .setInputFiles({ name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
      await expect(panel.getByRole('status').filter({ hasText: 'broken.png cannot be read' })).toBeVisible()
      expect(await playground.overflow()).toBeLessThanOrEqual(0)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await violations(page), colorScheme).toEqual([])
      }
    })

    test('an own sentence goes through the model, which cannot be asked while it trains', async ({ playground }) => {
      await playground.open(link({ ...phrases, 'training.steps': endless }), wasm)
      await playground.button('Start').click()
      const panel = await playground.show('Try it')
      await expect(panel).toContainText('The run trains, and its weights change: pause it to ask its model.')
      await expect.poll(() => playground.step()).toBeGreaterThan(20)
      await playground.button('Pause').click()
      await expect(panel.locator('.try-pieces')).toContainText('[CLS]')
      await panel.getByRole('textbox', { name: 'Your own sentence' }).fill('the acting is not bad')
      await panel.getByRole('button', { name: 'Ask' }).click()
      await expect(panel.locator('.try-pieces')).toHaveText('[CLS]theactingisnotbad[SEP]')
      await expect(panel).toContainText(/The model says (negative|positive) \([\d.]+\s%\)\./)
      await panel.getByRole('textbox', { name: 'Your own sentence' }).fill(' ')
      await panel.getByRole('button', { name: 'Ask' }).click()
      await expect(panel).toContainText('There is no text to read. Write a sentence.')
      // It can be asked again.
      await panel.getByRole('textbox', { name: 'Your own sentence' }).fill('the plot is dull')
      await panel.getByRole('button', { name: 'Ask' }).click()
      await expect(panel.locator('.try-pieces')).toHaveText('[CLS]theplotisdull[SEP]')
      await expect(panel).not.toContainText('There is no text to read')
    })
  })
}
