import { readFileSync } from 'node:fs'
import { expect, test } from './playground'

test('?bench times the engine beside tfjs and shows a table that can be copied and saved', async ({
  playground,
  page,
}) => {
  await page.goto('/?bench')
  for (const name of [/^Kernels alone/, /^Growth/, /^jax-js/]) await page.getByRole('checkbox', { name }).uncheck()
  await page.getByRole('checkbox', { name: /^Quick look/ }).check()
  await playground.button('Run').click()
  const table = page.getByRole('table')
  await expect(table).toBeVisible({ timeout: 180_000 })
  const row = (name: RegExp) => table.getByRole('row', { name })
  const number = async (name: RegExp, column: number) =>
    Number((await row(name).getByRole('cell').nth(column).innerText()).replaceAll(',', ''))
  // Milliseconds a step, and submits: one for the engine.
  expect(await number(/^this engine/, 0)).toBeGreaterThan(0)
  expect(await number(/^tfjs/, 0)).toBeGreaterThan(await number(/^this engine/, 0))
  expect(await number(/^this engine/, 5)).toBe(1)
  await expect(page.getByText(/^Losses of ten steps agree to four digits/)).toBeVisible()
  const saving = page.waitForEvent('download')
  await playground.button('Download JSON').click()
  const saved = JSON.parse(readFileSync(await (await saving).path(), 'utf8')) as {
    workloads: { name: string; losses: number[] }[]
  }
  expect(saved.workloads.map((w) => [w.name, w.losses.length])).toEqual([['vit-toy', 10]])
})
