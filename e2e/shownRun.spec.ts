import type { Page } from '@playwright/test'
import { fromLink } from '../src/config/link'
import { endless, expect, link, test, tiny, viewports, wasm, type Playground } from './playground'

/** What the strip over map and charts says. */
const strip = (playground: Playground) => playground.panel('Shown run')
/** A button among the run controls; the comparison has some of the same names. */
const control = (playground: Playground, name: string) =>
  playground
    .panel(name === 'Stop' || / /.test(name) || name === 'Reset' ? 'What happens now' : 'Progress')
    .getByRole('button', { name, exact: true })

async function setSeed(playground: Playground, seed: number): Promise<void> {
  const setUp = await playground.openSetUp()
  const field = setUp.getByRole('textbox', { name: 'Seed', exact: true })
  await field.fill(String(seed))
  await field.press('Enter')
  await setUp.getByRole('button', { name: 'Close' }).click()
}

const seedOf = (page: Page) => fromLink(page.url()).experiment.seed

for (const viewport of viewports) {
  test.describe(`at ${viewport.width} pixels`, () => {
    test.use({ viewport })

    test('a comparison is paused and goes on at the same step of the same run; nothing comes between', async ({
      playground,
      page,
    }) => {
      const recipe = { 'compare.methods': 'magnitude_random', 'compare.sparsities': 0.5, 'compare.seeds': 1 }
      await playground.open(link({ ...tiny, 'training.steps': endless, 'training.evaluateEvery': 0, ...recipe }), wasm)
      await expect(strip(playground)).toContainText('No run yet. Start runs SEVENdyn, 80 %, seed 1.')
      const comparison = await playground.show('Comparison')
      await comparison.getByRole('button', { name: 'Make 2 runs' }).click()
      await expect(strip(playground)).toContainText('Magnitude, 50 %, seed 1 · run 1 of 2 · running')
      await expect.poll(() => playground.step()).toBeGreaterThan(5)
      await control(playground, 'Pause').focus()
      await page.keyboard.press('Space')
      await expect(control(playground, 'Resume')).toBeFocused()
      const paused = await playground.restingStep()
      await expect(strip(playground)).toContainText(`run 1 of 2 · paused at step ${paused.toLocaleString('en')}`)
      await expect(comparison.getByRole('button', { name: 'Resume' })).toBeVisible()
      for (const name of ['One step', 'Reset', 'New seed']) await expect(control(playground, name)).toBeDisabled()

      // The set-up is another matter, and Back leads through it while the comparison stays.
      await setSeed(playground, 5)
      await expect(strip(playground)).toContainText(/Set-up differs: SEVENdyn, Seed 5\./)
      await page.goBack()
      await expect.poll(() => seedOf(page)).toBe(1)
      expect(await playground.step()).toBe(paused)

      await control(playground, 'Resume').focus()
      await page.keyboard.press('Space')
      await expect(strip(playground)).toContainText('Magnitude, 50 %, seed 1 · run 1 of 2 · running')
      await expect.poll(() => playground.step()).toBeGreaterThan(paused)
      // A double click counts once.
      await control(playground, 'Pause').dblclick()
      await expect(control(playground, 'Resume')).toBeVisible()
      await expect(strip(playground)).toContainText('run 1 of 2 · paused')
      await strip(playground).getByRole('button', { name: 'Stop the comparison and run the set-up' }).click()
      await expect(strip(playground)).toContainText('SEVENdyn, 80 %, seed 1 · running')
      await expect(comparison).toContainText('Stopped')
      await control(playground, 'Stop').click()
      await expect(strip(playground)).toContainText('SEVENdyn, 80 %, seed 1 · stopped at step')
    })

    test('Back, Forward and reload are safe in mid-run', async ({ playground, page }) => {
      const asked: string[] = []
      page.on('dialog', (dialog) => {
        asked.push(dialog.type())
        void dialog.dismiss()
      })
      // The page asks before it is left only where the browser cannot keep the run.
      await page.addInitScript(() => {
        Storage.prototype.setItem = () => {
          throw new DOMException('The storage is full.', 'QuotaExceededError')
        }
      })
      await playground.open(link({ ...tiny, 'training.steps': endless, 'training.evaluateEvery': 0 }), wasm)
      await setSeed(playground, 2)
      await control(playground, 'Start').click()
      await expect.poll(() => playground.step()).toBeGreaterThan(0)
      await setSeed(playground, 3)
      await expect(strip(playground)).toContainText(
        /seed 2 · running[^]*Set-up differs: Seed 3\. Stop the run and run the set-up/,
      )
      await page.goBack()
      await expect(strip(playground)).not.toContainText('Set-up differs')
      await page.goBack()
      await expect.poll(() => seedOf(page)).toBe(1)
      await page.goForward()
      await page.goForward()
      await expect.poll(() => seedOf(page)).toBe(3)
      await strip(playground).getByRole('button', { name: 'Set up the shown run again' }).click()
      await expect.poll(() => seedOf(page)).toBe(2)
      // A link that is opened in mid-run is a set-up, too.
      await page.evaluate(() => {
        location.hash = location.hash.replace('seed=2', 'seed=4')
      })
      await expect(strip(playground)).toContainText('Set-up differs: Seed 4.')
      const step = await playground.step()
      await expect.poll(() => playground.step()).toBeGreaterThan(step)

      await page.evaluate(() => {
        location.reload()
      })
      await expect.poll(() => asked).toEqual(['beforeunload'])
      await expect(strip(playground)).toContainText('seed 2 · running')
      await control(playground, 'Stop').click()
      await expect(strip(playground)).toContainText('seed 2 · stopped at step')
      await page.reload()
      await expect(strip(playground)).toContainText('No run yet. Start runs SEVENdyn, 80 %, seed 4.')
      expect(asked).toHaveLength(1)
    })

    test('a kept run that is picked shows its own curves, and a copy that was refused is copied', async ({
      playground,
      page,
      context,
    }) => {
      await playground.open(link({ ...tiny, method: 'magnitude' }), wasm)
      await playground.show('Loss and accuracy')
      const curve = () =>
        playground.panel('Loss and accuracy').locator('path[stroke-width="2.2"]').first().getAttribute('d')
      await playground.runToEnd()
      await expect(strip(playground)).toContainText('Magnitude, 80 %, seed 1 · finished')
      await setSeed(playground, 2)
      await expect(strip(playground)).toContainText('Set-up differs: Seed 2. Start runs the set-up.')
      await playground.runToEnd()
      await expect(strip(playground)).toContainText('seed 2 · finished')
      // Charts are drawn a moment later.
      await expect.poll(curve).not.toBeNull()
      await page.waitForTimeout(600)
      const second = await curve()
      const runs = await playground.show('Accuracy against sparsity')
      await runs.getByRole('button', { name: 'Runs', exact: true }).click()
      await runs.getByRole('row').last().getByRole('button', { name: 'Magnitude', exact: true }).click()
      await expect(strip(playground)).toContainText(/Magnitude, 80 %, seed 1 · kept run · accuracy [\d.]+ %/)
      await expect(strip(playground)).toContainText('Open run: Magnitude, 80 %, seed 2 · finished. Show it')
      await expect.poll(curve).not.toBe(second)
      const moment = (await playground.show('Weight map')).getByRole('slider', { name: 'Moment shown' })
      await moment.press('Home')
      await expect(strip(playground)).toContainText('kept run · accuracy')
      await expect(strip(playground)).toContainText('looked at as of step 1')
      await expect.poll(() => playground.cut()).toBe(0)
      await playground.show('Loss and accuracy')
      expect(seedOf(page)).toBe(1)
      // A reload keeps settings, runs, and which of them is shown; Back shows what was shown before.
      const first = await curve()
      await page.reload()
      await expect(strip(playground)).toContainText('seed 1 · kept run')
      await expect.poll(curve).toBe(first)
      // Its weights come back, too.
      await playground.show('Weight map')
      await expect(moment).toHaveAttribute('aria-valuetext', 'the end')
      await expect.poll(() => playground.cut()).toBe(1638)
      await playground.show('Loss and accuracy')
      await page.goBack()
      await expect(strip(playground)).toContainText('No run yet. Start runs Magnitude, 80 %, seed 2.')
      await page.goForward()
      await expect(strip(playground)).toContainText('seed 1 · kept run')
      await runs.getByRole('button', { name: 'Runs', exact: true }).click()
      await runs.getByRole('button', { name: 'Delete the run Magnitude, seed 1' }).click()
      await expect(strip(playground)).toContainText('No run yet.')

      // As on a page that is not secure, which has no clipboard.
      await page.evaluate(() => {
        Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined })
      })
      await playground.button('Copy link').click()
      const alert = playground.panel('Share').getByRole('alert')
      await expect(alert).toContainText('The browser did not let this page copy the link.')
      expect(
        await alert
          .getByRole('textbox')
          .evaluate((field: HTMLTextAreaElement) => field.value.slice(field.selectionStart, field.selectionEnd)),
      ).toBe(page.url())
      await alert.getByRole('button', { name: 'Try again' }).click()
      await expect(alert).toBeVisible()
      await context.grantPermissions(['clipboard-read', 'clipboard-write'])
      await page.evaluate(() => {
        Reflect.deleteProperty(navigator, 'clipboard')
      })
      await alert.getByRole('button', { name: 'Try again' }).click()
      await expect(page.getByText('Link copied')).toBeVisible()
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url())
      await expect(alert).toHaveCount(0)
      await expect(strip(playground)).toContainText('No run yet.')
    })
  })
}
