import { readFileSync } from 'node:fs'
import { expect, link, test, tiny, wasm } from './playground'

test('a run ends with the bytes of its weights, and they are saved in int8', async ({ page, playground }) => {
  const settings = { ...tiny, method: 'magnitude', 'method.sparsity': 0.75, 'training.weightBits': 8 }
  await playground.open(link(settings), wasm)
  await playground.runToEnd()
  const size = await playground.show('Size')
  await expect(size).toContainText(/A pruned file is no smaller until you store it sparse or deflated/)
  await size.getByRole('button', { name: 'Prunable matrices' }).click()
  // 2,048 prunable weights: 4 bytes each; a byte each and 6 matrices' scales, 4 * 16 + 32 + 16 of 4 bytes.
  await expect(size.getByRole('row', { name: /^Dense, floats/ })).toContainText('8.2 kB')
  await expect(size.getByRole('row', { name: /^int8/ }).first()).toContainText('2.5 kB')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    size.getByRole('button', { name: 'Save in int8' }).click(),
  ])
  const file = readFileSync(await download.path())
  const header = JSON.parse(file.subarray(8, 8 + Number(file.readBigUInt64LE(0))).toString()) as Record<
    string,
    { dtype?: string; shape?: number[] }
  >
  expect(header['block0/mlp/in/weights']).toMatchObject({ dtype: 'I8', shape: [16, 32] })
  expect(header['block0/mlp/in/weights.scale']).toMatchObject({ dtype: 'F32', shape: [1, 32] })
})

test('a run is saved for PyTorch where transformers has such a model, and else says why not', async ({
  page,
  playground,
}) => {
  const save = async () => {
    const size = await playground.show('Size')
    await size.getByRole('button', { name: 'Save for PyTorch' }).click()
  }
  await playground.open(link({ ...tiny, 'model.pool': 'class' }), wasm)
  await playground.runToEnd()
  const [download] = await Promise.all([page.waitForEvent('download'), save()])
  // A zip ends with a list of its files.
  const zip = readFileSync(await download.path()).toString('latin1')
  expect(zip.startsWith('PK')).toBe(true)
  for (const name of ['config.json', 'preprocessor_config.json', 'model.safetensors', 'masks.safetensors', 'load.py'])
    expect(zip.slice(zip.lastIndexOf('PK\x01\x02') - 2000)).toContain(name)
  await playground.open(link({ ...tiny, 'model.pool': 'mean' }), wasm)
  await playground.runToEnd()
  await save()
  await expect(page.getByText(/pooling is "mean"/)).toBeVisible()
})

test('a weight is made of random numbers by pruning', async ({ page, playground }) => {
  await playground.open('')
  const panel = await playground.show('Why random networks suffice')
  await panel.getByText('Make a weight by pruning random numbers').click()
  const candidates = panel.getByRole('list', { name: 'Candidates' }).getByRole('listitem')
  await expect(candidates).toHaveCount(10)
  const error = async () =>
    Number(/off by ([\d.e-]+);/.exec(await panel.getByRole('status').filter({ hasText: 'off by' }).innerText())?.[1])
  const before = await error()
  await panel.getByRole('textbox', { name: 'Random candidates' }).fill('20')
  await page.keyboard.press('Enter')
  await expect(candidates).toHaveCount(20)
  expect(await error()).toBeLessThan(before / 4)
  const kept = (await candidates.allInnerTexts())
    .filter((text) => text.endsWith('kept'))
    .map((text) => parseFloat(text.replace('−', '-')))
  expect(Math.abs(kept.reduce((a, b) => a + b, 0) - 0.314)).toBeLessThan(0.01)
})
