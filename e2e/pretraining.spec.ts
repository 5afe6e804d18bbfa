import { fromLink } from '../src/config/link'
import { expect, learning, link, phrases, test, wasm } from './playground'

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  test(`words are guessed before the task: paused, gone on, kept for the next run, ${viewport.width} px`, async ({
    playground,
    page,
  }) => {
    await page.setViewportSize(viewport)
    await playground.open(link({ ...learning, 'start.steps': 1500 }), wasm)
    const [run, before] = [playground.panel('What happens now'), playground.panel('Before the task')]
    const progress = playground.panel('Progress')
    await expect(before).toHaveCount(0)
    await playground.button('Start').click()
    await expect(progress).toContainText(/[1-9][\d,]* of 1,500 steps before the task/)
    await playground.show('Before the task')
    await expect(run).toContainText('Before the task: guesses 15.0 % of the tokens')
    await playground.button('Pause').click()
    await expect(playground.button('Resume')).toBeEnabled()
    await expect(
      before.getByRole('figure', { name: /^Step [1-9][\d,]* of 1,500 before the task, loss \d/ }),
    ).toBeVisible()
    await playground.button('Resume').click()
    await expect(run).toContainText('weights kept', { timeout: 120_000 })
    // Another method begins with the same weights, and learns nothing again.
    await playground.open(link({ ...learning, 'start.steps': 1500, method: 'random' }), wasm)
    await playground.button('Start').click()
    await expect(run).toContainText('weights kept', { timeout: 60_000 })
    await playground.show('Before the task')
    await expect(before.getByRole('figure', { name: /^Step 1,500 of 1,500 before the task/ })).toBeVisible()
  })
}

test('where weights come from is chosen in the set-up, stands in the link, and goes with data and model', async ({
  playground,
  page,
}) => {
  await playground.open(link(phrases), wasm)
  await playground.openSetUp()
  const start = playground.picker('Start from')
  await expect(start).toHaveValue('scratch')
  expect(page.url()).not.toContain('start')
  await expect(start.locator('option[value=maskedPatches]')).toBeDisabled()
  await start.selectOption('maskedTokens')
  await expect(playground.panel('Set-up')).toContainText('guess hidden words, without a label')
  expect(fromLink(page.url()).experiment.start).toMatchObject({ id: 'maskedTokens', values: { share: 0.15 } })
  await playground.picker('Data').selectOption('shapes')
  await expect(start).toHaveValue('scratch')
  await start.selectOption('rotation')
  await playground.picker('Model').selectOption('mlp')
  await expect(start).toHaveValue('scratch')
  await expect(start.locator('option[value=rotation]')).toBeDisabled()
})
