import { readFileSync } from 'node:fs'
import { hasReal, realData } from '../src/data/testing'
import { trainOnCifar } from './cifar'
import { serveFiles } from './files'
import { expect, link, narrow, test, wasm } from './playground'

const read = (name: string) => readFileSync(`${realData}/${name}.parquet`)

test('a run on photographs of CIFAR-10 prunes exactly, is looked back at, and shows what it gets wrong', async ({
  playground,
  page,
}) => {
  test.skip(!hasReal('cifar10'))
  await serveFiles(page, {
    'cifar10/train.parquet': read('cifar10/train'),
    'cifar10/test.parquet': read('cifar10/test'),
  })
  await trainOnCifar(playground)
  const moment = playground.panel('Weight map').getByRole('slider', { name: 'Moment shown' })
  await moment.press('Home')
  await expect.poll(() => playground.cut()).toBe(0)
  await moment.press('End')
  await expect(await playground.show('Why it was kept')).toContainText(/divided kept from cut: \d+ of \d+ points/)
  const wrong = await playground.show('What it gets wrong')
  const pruned = wrong.getByRole('table', { name: 'SEVENdyn, 80 %', exact: true })
  const answers = (await pruned.getByRole('cell').allInnerTexts()).map(Number)
  expect(answers.reduce((sum, n) => sum + n, 0)).toBe(100)
  const asked = playground.panel('Try it')
  await asked.getByRole('button', { name: 'Next mistake' }).click()
  await expect(asked).toContainText(/The model says \w+ \([\d.]+\s%\); it is \w+\./)
  await page.screenshot({ path: 'test-results/cifar10.png', fullPage: true })
})

test('on a phone SEVENdyn and SNIP are laid over each other on reviews of SST-2, and read an own sentence', async ({
  playground,
  page,
}) => {
  test.skip(!hasReal('sst2'))
  await page.setViewportSize(narrow)
  await serveFiles(page, {
    'sst2/train.parquet': read('sst2/train'),
    'sst2/validation.parquet': read('sst2/validation'),
  })
  const small = { 'model.width': 16, 'model.depth': 1, 'model.heads': 2, 'model.ratio': 2 }
  const steps = { 'training.steps': 60, 'training.batch': 16, 'training.warmup': 6, 'training.evaluateEvery': 0 }
  const compared = { 'compare.methods': 'sevenDyn_snip', 'compare.sparsities': '0.8', 'compare.seeds': '1' }
  const settings = { data: 'sst2', 'data.train': 500, 'data.held': 100, model: 'miniBert', ...small, ...steps }
  await playground.open(link({ ...settings, ...compared }), wasm)
  await (await playground.show('Comparison')).getByRole('button', { name: /^Make 2 runs$/ }).click()
  const masks = playground.panel('A | B: what each keeps')
  await masks.getByRole('button', { name: /^SEVENdyn against SNIP at 80/ }).click()
  await expect(masks).toContainText(/A keeps 409 weights and B 410; [\d,]+ are the same ones. By chance/)
  const asked = await playground.show('Try it')
  await asked.getByRole('textbox', { name: 'Your own sentence' }).fill('a gorgeous, witty and touching film')
  await asked.getByRole('button', { name: 'Ask' }).click()
  await expect(asked).toContainText(/The model says (negative|positive) \([\d.]+\s%\)\./)
  expect(await playground.overflow()).toBeLessThanOrEqual(0)
  await page.screenshot({ path: 'test-results/sst2.png', fullPage: true })
})
