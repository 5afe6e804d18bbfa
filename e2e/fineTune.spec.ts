import { fromLink } from '../src/config/link'
import { firstRunOf } from '../src/config/firstRun'
import { violations } from './axe'
import { expect, link, test, tiny, viewports, wasm } from './playground'

const short = { ...tiny, 'training.steps': 12, 'training.evaluateEvery': 0, method: 'dense' }

for (const viewport of viewports) {
  test(`a run starts from the weights of another one, here and where they are not kept, ${viewport.width} px`, async ({
    playground,
    page,
  }) => {
    await page.setViewportSize(viewport)
    await playground.open(link(short), wasm)
    await playground.runToEnd()
    const strip = playground.panel('Shown run')
    await expect(strip).toContainText('its weights are kept')
    // The weights outlive the visit.
    await page.reload()
    await expect(playground.button('Start')).toBeEnabled()
    await playground.runToEnd()
    await strip.getByRole('button', { name: 'Fine-tune from here' }).click()
    await expect(strip).toContainText('Set-up differs: Start from: Dense, seed 1.')
    expect(firstRunOf(fromLink(page.url()).experiment)).toEqual(fromLink(link(short)).experiment)
    const setUp = await playground.openSetUp()
    await expect(setUp).toContainText('Its weights are kept in this browser')
    await page.screenshot({ path: `test-results/fine-tune-${viewport.width}.png` })
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await playground.runToEnd()
    const notes = playground.panel('What happens now')
    await expect(notes).toContainText('From the run that this one starts from: ')
    await expect(notes).not.toContainText('made first')
    expect(await playground.overflow()).toBeLessThanOrEqual(0)
  })
}

test('where the first run is not kept, it is made first, told and given up', async ({ playground }) => {
  const next = (steps: number) => {
    const first = link({ ...short, 'training.steps': steps })
      .replace('#/', '')
      .replace('?', '/')
      .replaceAll('&', '/')
    return link({ ...short, seed: 2, start: 'run', 'start.link': first.replaceAll('=', '*') })
  }
  await playground.open(next(200_000), wasm)
  await playground.button('Start').click()
  await expect(playground.panel('Progress')).toContainText(/[1-9][\d,]* of 200,000 steps of the run before/)
  await playground.button('Cancel').click()
  await expect(playground.button('Start')).toBeEnabled()
  await playground.open(next(12), wasm)
  await playground.runToEnd()
  await expect(playground.panel('What happens now')).toContainText(/is not kept here, so it was made first/)
})
