import { expect, link, wasm, type Playground } from './playground'

/** A small ViT on 500 images of CIFAR-10 from the page's own origin, to the exact sparsity of the default method. */
export async function trainOnCifar(playground: Playground): Promise<void> {
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
    wasm,
  )
  const { kept, prunable } = await playground.runToEnd()
  expect(kept).toBe(Math.floor(prunable * 0.2))
  await expect(playground.panel('What happens now')).toContainText(
    "CIFAR-10, 500 training and 100 held-out images from this page's own origin",
  )
}
