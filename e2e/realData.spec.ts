import { readFileSync } from 'node:fs'
import { hasReal, realData } from '../src/data/testing'
import { trainOnCifar } from './cifar'
import { serveFiles } from './files'
import { test } from './playground'

test('real photographs of CIFAR-10 train to the end with an exact sparsity', async ({ playground, page }) => {
  test.skip(!hasReal('cifar10'))
  const read = (name: string) => readFileSync(`${realData}/cifar10/${name}.parquet`)
  await serveFiles(page, { 'cifar10/train.parquet': read('train'), 'cifar10/test.parquet': read('test') })
  await trainOnCifar(playground)
  await page.screenshot({ path: 'test-results/cifar10.png', fullPage: true })
})
