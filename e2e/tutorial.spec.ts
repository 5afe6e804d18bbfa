import { readFileSync } from 'node:fs'
import { expect, test, wasm } from './playground'

/** What the tutorial quotes, in its order. */
const quoted = [...readFileSync('docs/tutorial.md', 'utf8').matchAll(/\*\*(.+?)\*\*/g)].flatMap(
  ([, words]) => words ?? [],
)

test('the tutorial is followed word by word', async ({ playground, page }) => {
  const [, start, now, snip, method, again, compare, pair, suggestion, learn] = quoted
  if (!start || !now || !snip || !method || !compare || !pair || !suggestion || !learn) throw new Error(quoted.join())
  expect([start, method]).toEqual([again, 'Method'])
  await playground.open('', wasm)
  await expect(playground.picker(method)).toHaveValue('SEVENdyn')
  await playground.button(start).click()
  await playground.ended()
  await expect(playground.panel(now)).toContainText(
    /Of [\d,]+ sentinels this method cut [\d.]+\s%, of [\d,]+ temporary/,
  )
  await playground.chooseMethod(snip)
  await playground.runToEnd()
  await page.getByRole('tab', { name: compare, exact: true }).click()
  const panel = playground.panel(pair)
  await panel.getByRole('button', { name: suggestion }).click()
  await expect(panel).toContainText('By chance')
  await page.getByRole('tab', { name: learn, exact: true }).click()
  await expect(playground.panel('Lessons')).toBeVisible()
})
