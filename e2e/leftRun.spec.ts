import { endless, expect, link, test, tiny, wasm } from './playground'

const long = link({ ...tiny, 'training.steps': endless, 'training.evaluateEvery': 0 })

test('a run that was left with its page goes on from where it was saved', async ({ playground, page }) => {
  page.on('dialog', (dialog) => void dialog.accept())
  await playground.open(long, wasm)
  await expect(playground.panel('Unfinished run')).toHaveCount(0)
  await playground.button('Start').click()
  await expect(playground.panel('Progress')).toContainText(/step [1-9]/i)
  await playground.button('Pause').click()
  const saved = () => page.evaluate(() => localStorage.getItem('pruning-playground/left-run'))
  await expect.poll(saved).not.toBeNull()
  const [{ step }] = JSON.parse((await saved()) ?? '[]') as [{ step: number }]

  await page.goto('about:blank')
  await page.goto(`/${wasm}`)
  const offer = playground.panel('Unfinished run')
  await expect(offer).toContainText(`saved at step ${step.toLocaleString('en')}, `)
  await offer.getByRole('button', { name: 'Continue' }).click()
  await expect(offer).toHaveCount(0)
  await expect(playground.panel('What happens now')).toContainText(
    `The run goes on at step ${step.toLocaleString('en')} of 200,000.`,
  )
  await playground.button('Stop').click()
  await expect(playground.panel('What happens now')).toContainText('Stopped at step')
  await expect.poll(saved).toBeNull()
})

test('a run that is seconds old and was never paused outlives a reload', async ({ playground, page }) => {
  page.on('dialog', (dialog) => void dialog.accept())
  await playground.open(long, wasm)
  await playground.button('Start').click()
  const saved = () => page.evaluate(() => localStorage.getItem('pruning-playground/left-run'))
  await expect.poll(saved, { timeout: 20_000 }).not.toBeNull()
  await page.reload()
  await expect(playground.panel('Unfinished run')).toContainText(/saved at step [1-9]/)
})

test('a run that was left can be discarded', async ({ playground, page }) => {
  const left = JSON.stringify({ link: long, step: 740, at: Date.now() - 125_000 })
  await page.addInitScript((text) => localStorage.setItem('pruning-playground/left-run', text), left)
  await playground.open('', wasm)
  const offer = playground.panel('Unfinished run')
  await expect(offer).toContainText('saved at step 740, 2 minutes ago.')
  await offer.getByRole('button', { name: 'Discard' }).click()
  await expect(offer).toHaveCount(0)
  expect(await page.evaluate(() => localStorage.getItem('pruning-playground/left-run'))).toBeNull()
})
