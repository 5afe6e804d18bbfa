import { png } from '../src/data/testing'
import { violations } from './axe'
import { endless, expect, link, phrases, test, tiny, viewports, wasm } from './playground'

for (const viewport of viewports) {
  test.describe(`at ${viewport.width} px`, () => {
    test.use({ viewport, permissions: ['camera'] })

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
      await expect(panel.locator('.try-grid').first().locator('> span')).toHaveCount(4)
      // The same example, as the model saw it before its first cut.
      await expect(
        panel.getByRole('paragraph').filter({ hasText: /^Before its first cut it said \w+ \([\d.]+\s%\)/ }),
      ).toBeVisible()
      await expect(panel.getByRole('figure', { name: /^Before the first cut: The answer rests most on/ })).toBeVisible()
      await expect(panel.getByRole('figure', { name: /^The answer rests most on the part in row [12]/ })).toBeVisible()
      const shares = (await panel.getByRole('row').allInnerTexts()).flatMap((row) => /([\d.]+)\s%/.exec(row)?.[1] ?? [])
      expect(shares.map(Number)).toEqual([...shares.map(Number)].sort((a, b) => b - a))

      await panel.getByRole('button', { name: 'Attention' }).click()
      await panel.getByRole('combobox', { name: 'Head' }).selectOption('2')
      for (const name of [/^Before the first cut: most to the part/, /^Now: most to the part in row [12], column [12]/])
        await expect(panel.getByRole('figure', { name })).toBeVisible()
      await expect(panel.getByRole('combobox', { name: 'Block' }).locator('option')).toHaveText(['1'])
      await expect(panel.getByRole('combobox', { name: 'Head' })).toHaveValue('1')
      await panel.getByRole('button', { name: 'Attention' }).click()
      await expect(panel.getByRole('combobox', { name: 'Head' })).toHaveCount(0)

      const slider = panel.getByRole('slider', { name: 'Prune further, for a look' })
      await slider.focus()
      await slider.press('End')
      await expect(panel.getByRole('columnheader', { name: 'At 99.9 %' })).toBeVisible()
      await expect(panel).toContainText(/Pruned further, to 99.9\s%, it would say \w+ \(/)
      await slider.press('Home')
      await expect(panel.getByRole('columnheader', { name: 'At 99.9 %' })).toHaveCount(0)

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

      // Drawn: a stroke over the middle of a white sheet.
      await panel.getByRole('button', { name: 'Draw' }).click()
      const sheet = panel.getByRole('img', { name: /^Sheet to draw on/ })
      await sheet.scrollIntoViewIfNeeded()
      const box = (await sheet.boundingBox())!
      await page.mouse.move(box.x + 10, box.y + box.height / 2)
      await page.mouse.down()
      await page.mouse.move(box.x + box.width - 10, box.y + box.height / 2, { steps: 5 })
      await page.mouse.up()
      const drawn = (x: number, y: number) =>
        panel
          .locator('.try-pictures canvas')
          .first()
          .evaluate((canvas: HTMLCanvasElement, at) => [...canvas.getContext('2d')!.getImageData(...at, 1, 1).data], [
            x,
            y,
          ] as const)
      await expect.poll(() => drawn(0, 0)).toEqual([255, 255, 255, 255])
      expect(Math.max(...(await drawn(8, 8)).slice(0, 3))).toBeLessThan(200)
      await panel.getByRole('button', { name: 'Draw' }).click()

      // By the camera, which is on from the press until the picture is taken, and no longer.
      const isOn = () => page.evaluate(() => (window as unknown as { track?: MediaStreamTrack }).track?.readyState)
      await page.evaluate(() => {
        const { mediaDevices } = navigator
        const ask = mediaDevices.getUserMedia.bind(mediaDevices)
        mediaDevices.getUserMedia = async (wanted) => {
          const stream = await ask(wanted)
          Object.assign(window, { track: stream.getTracks()[0] })
          return stream
        }
      })
      expect(await isOn()).toBeUndefined()
      await panel.getByRole('button', { name: 'Camera', exact: true }).click()
      await panel.getByRole('button', { name: 'Take it' }).click()
      await expect.poll(isOn).toBe('ended')
      await expect.poll(() => drawn(0, 0)).not.toEqual([255, 255, 255, 255])
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
      await expect(panel.locator('.try-pieces').first()).toContainText('[CLS]')
      await panel.getByRole('textbox', { name: 'Your own sentence' }).fill('the acting is not bad')
      await panel.getByRole('button', { name: 'Ask' }).click()
      await expect(panel.locator('.try-pieces').first()).toHaveText('[CLS]theactingisnotbad[SEP]')
      await expect(panel).toContainText(/The model says (negative|positive) \([\d.]+\s%\)\./)
      await panel.getByRole('textbox', { name: 'Your own sentence' }).fill(' ')
      await panel.getByRole('button', { name: 'Ask' }).click()
      await expect(panel).toContainText('There is no text to read. Write a sentence.')
      // It can be asked again.
      await panel.getByRole('textbox', { name: 'Your own sentence' }).fill('the plot is dull')
      await panel.getByRole('button', { name: 'Ask' }).click()
      await expect(panel.locator('.try-pieces').first()).toHaveText('[CLS]theplotisdull[SEP]')
      await expect(panel).not.toContainText('There is no text to read')
    })
  })
}
