import { cifarParquet } from '../src/data/testing'
import { trainOnCifar } from './cifar'
import { serveFiles } from './files'
import { expect, link, test, wasm } from './playground'

test("CIFAR-10 from the page's own origin trains to the end with an exact sparsity", async ({ playground, page }) => {
  await serveFiles(page, { 'cifar10/train.parquet': cifarParquet(500), 'cifar10/test.parquet': cifarParquet(100) })
  await trainOnCifar(playground)
  await playground.map.hover({ position: await playground.mapPoint(0.3, 0.4) })
  await expect(playground.panel('Weight map')).toContainText(/row \d+, column \d+/)
})

test("the user's own CIFAR-10 batch is read without a network", async ({ playground, page }) => {
  await page.route(/huggingface\.co/, (route) => route.abort())
  // The binary format: 1 label byte, then 3,072 of red, green and blue. Image i is of the grey 20 i, with label i mod
  // 10.
  const batch = Buffer.alloc(200 * 3073)
  for (let i = 0; i < 200; i++) batch.fill((20 * i) % 256, i * 3073 + 1, (i + 1) * 3073).writeUInt8(i % 10, i * 3073)
  await playground.open(
    link({
      data: 'dropped',
      'model.patch': 16,
      'model.width': 16,
      'model.depth': 1,
      'model.heads': 2,
      'training.steps': 10,
      'training.batch': 8,
    }),
    wasm,
  )
  await playground.openSetUp()
  await page
    .getByLabel('Drop files here, or choose them')
    .setInputFiles({ name: 'data_batch_1.bin', mimeType: 'application/octet-stream', buffer: batch })
  await expect(playground.panel('Set-up')).toContainText('data_batch_1.bin')
  await playground.runToEnd()
  await expect(playground.panel('What happens now')).toContainText('data_batch_1.bin')
})
