import { endless, expect, link, Playground, test, tiny, wasm } from './playground'

const long = { ...tiny, 'training.steps': endless, 'training.evaluateEvery': 0 }
const compared = { 'compare.methods': 'magnitude_snip', 'compare.sparsities': '0.5', 'compare.seeds': '1' }

test('a second tab shows what the first one trains, and takes it over where it is', async ({ playground, context }) => {
  await playground.open(link(long), wasm)
  await playground.button('Start').click()
  await expect(playground.panel('Progress')).toContainText(/step [1-9]/)

  const second = new Playground(await context.newPage())
  await second.open('', wasm)
  const offer = second.panel('Unfinished run')
  await expect(offer).toContainText(/SEVENdyn.+another tab has it/)
  const before = await playground.step()
  await offer.getByRole('button', { name: 'Take over' }).click()
  await expect(second.panel('What happens now')).toContainText(/The run goes on at step [\d,]+ of 200,000\./)
  await expect(playground.panel('What happens now')).toContainText('Another tab goes on with the run.')
  await expect(playground.panel('Unfinished run')).toContainText('another tab has it')
  expect(await second.step()).toBeGreaterThanOrEqual(before)
  await second.button('Stop').click()
  await expect(playground.panel('Unfinished run')).toHaveCount(0)
})

test('a comparison that was left goes on in its run, by itself where the address asks for it', async ({
  playground,
  page,
}) => {
  page.on('dialog', (dialog) => void dialog.accept())
  await page.goto(`/${wasm}&autostart${link({ ...long, ...compared })}`)
  const comparison = playground.panel('Comparison')
  await expect(comparison).toContainText('0 of 2 runs')
  const notes = () => page.evaluate(() => localStorage.getItem('pruning-playground/left-run') ?? '')
  await expect.poll(notes, { timeout: 20_000 }).toMatch(/"step":[1-9]/)
  await page.reload()
  await expect(comparison).toContainText('0 of 2 runs')
  await expect(playground.panel('What happens now')).toContainText(/The run goes on at step [\d,]+ of 200,000\./)

  // Without being asked for, it is offered.
  await page.goto('about:blank')
  await page.goto(`/${wasm}`)
  const offer = playground.panel('Unfinished run')
  await expect(offer).toContainText(/Comparison of 2 runs.+0 done, then Magnitude.+saved at step [1-9]/)
  await offer.getByRole('button', { name: 'Discard' }).click()
  await expect(offer).toHaveCount(0)
  expect(await notes()).toBe('')
})
