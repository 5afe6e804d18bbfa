import { readFileSync } from 'node:fs'
import { hasReal, realData } from '../src/data/testing'
import { serveFiles } from './files'
import { expect, link, test } from './playground'

test('real photographs of CIFAR-10 train to the end with an exact sparsity', async ({ playground, page }) => {
  test.skip(!hasReal('cifar10'))
  const read = (name: string) => readFileSync(`${realData}/cifar10/${name}.parquet`)
  await serveFiles(page, { 'cifar10/train.parquet': read('train'), 'cifar10/test.parquet': read('test') })
  await playground.open(
    link({
      'data.train': 500,
      'data.held': 100,
      'model.patch': 8,
      'model.width': 16,
      'model.depth': 2,
      'model.heads': 2,
      'model.ratio': 2,
      'training.steps': 80,
      'training.batch': 8,
      'training.warmup': 10,
      'training.evaluateEvery': 40,
    }),
  )
  const { kept, prunable } = await playground.runToEnd()
  expect(kept).toBe(Math.floor(prunable * 0.2))
  await expect(playground.panel('Run')).toContainText(
    "CIFAR-10, 500 training and 100 held-out images from this page's own origin",
  )
  await page.screenshot({ path: 'test-results/cifar10.png', fullPage: true })
})
