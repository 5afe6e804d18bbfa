import { expect, link, test, tiny, wasm } from './playground'

test('a recorded run plays in the place of one that cannot start, and says so', async ({
  playground,
  page,
  expectedErrors,
}) => {
  expectedErrors.push(/Failed to load resource/)
  await page.route(/\/assets\/worker-.*\.js$/, (route) => route.abort())
  await page.goto(`/${wasm}${link({ ...tiny, autostart: 1 })}`)
  const now = playground.panel('What happens now')
  await expect(now.getByRole('alert')).toContainText('The training engine could not be loaded.')

  // Where the run begins by itself, so does the recording.
  await expect(now).toContainText('This is a recording of SEVENdyn, 80 %, seed 1, which came with the page.')
  const strip = playground.panel('Shown run')
  await expect(strip).toContainText('SEVENdyn, 80 %, seed 1 · a recording, not made here')
  const moment = playground.panel('Weight map').getByRole('slider')
  await expect(moment).toHaveAttribute('aria-valuetext', /^step [\d,]+, [1-7]\d\.\d %/)
  await expect(moment).toHaveAttribute('aria-valuetext', 'the end')
  expect(await playground.mapCut()).toBeCloseTo(0.8, 1)
  await expect(playground.panel('Loss and accuracy').getByRole('figure')).toHaveAccessibleName(/held-out accuracy \d/)

  await now.getByRole('button', { name: 'Play a recorded run' }).click()
  await expect(moment).not.toHaveAttribute('aria-valuetext', 'the end')

  // It is no run of the reader's, and goes when one begins.
  await page.unroute(/\/assets\/worker-.*\.js$/)
  await now.getByRole('button', { name: 'Try again' }).click()
  await playground.ended()
  await expect(strip).not.toContainText('recording')
  await expect(page.getByRole('figure', { name: 'Accuracy against sparsity of 1 runs' })).toHaveCount(1)
})
