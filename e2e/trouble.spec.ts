import { cifarParquet } from '../src/data/testing'
import { fromLink } from '../src/config/link'
import { defaultExperiment } from '../src/config/defaults'
import { serveFiles } from './files'
import { endless, expect, link, test, tiny, wasm } from './playground'

const cifar = {
  data: 'cifar10',
  'data.train': 100,
  'data.held': 100,
  'model.patch': 16,
  'model.width': 16,
  'model.depth': 1,
  'model.heads': 2,
  'training.steps': 5,
}

test.describe('when something is wrong', () => {
  test('a bad link opens the nearest experiment and names each thing it changed', async ({ playground, page }) => {
    await playground.open('#/v1?method=snip&method.sparsity=1.5&training.steps=many&colour=red&data=mnist')
    const notes = playground
      .panel('What happens now')
      .getByRole('status')
      .filter({ hasText: 'These settings of the link or file were changed' })
    await expect(notes.getByRole('listitem')).toHaveText([
      'data was mnist, which does not exist; cifar10 is used.',
      `training.steps was many, which is not a number; ${defaultExperiment.training.steps} is used.`,
      'method.sparsity was 1.5; the largest allowed value 0.99 is used.',
      'colour is not a setting of this experiment and was left out.',
    ])
    await expect(playground.picker('Method')).toHaveValue('SNIP')
    expect(fromLink(page.url())).toMatchObject({ experiment: { method: { values: { sparsity: 0.99 } } }, notes: [] })
    await notes.getByRole('button', { name: 'Dismiss' }).click()
    await expect(notes).toHaveCount(0)
  })

  for (const hash of ['#/v1?%E0%A4%A', '#/v99?seed=3', '#<script>alert(1)</script>', `#/v1?${'x'.repeat(50_000)}`]) {
    test(`the page is never blank: ${hash.slice(0, 30)}`, async ({ playground }) => {
      await playground.open(hash)
      await expect(playground.panel('What happens now').getByRole('listitem').first()).toBeVisible()
      await expect(playground.picker('Method')).toBeVisible()
    })
  }

  test('without WebGPU it runs on WebAssembly and says why', async ({ playground, page, baseURL, expectedErrors }) => {
    expectedErrors.push(/Cross-Origin-Opener-Policy header has been ignored/)
    // A page that is not secure has no navigator.gpu. The name leads to the preview server.
    await page.route('http://insecure.test/**', async (route) => {
      const { pathname, search } = new URL(route.request().url())
      await route.fulfill({ response: await route.fetch({ url: `${baseURL}${pathname}${search}` }) })
    })
    await page.goto(`http://insecure.test/${link(tiny)}`)
    await playground.runToEnd()
    await expect(playground.panel('What happens now')).toContainText(/WebAssembly .*navigator\.gpu is missing/)
  })

  test('with a software adapter only it runs on that or on WebAssembly, whichever is faster', async ({
    playground,
  }) => {
    await playground.open(link(tiny), '')
    expect(await playground.runToEnd()).toEqual({ kept: 409, prunable: 2048 })
    await expect(playground.panel('What happens now')).toContainText(
      /computes on the processor.*[\d.]+ GFLOP\/s there, [\d.]+ in WebAssembly/,
    )
    await expect.poll(() => playground.mapCut()).toBeGreaterThan(0.5)
  })

  test('asked for WebGPU alone, it says what is missing and offers to try again', async ({ playground }) => {
    await playground.open(link(tiny), '?backend=webgpu')
    await playground.button('Start').click()
    const alert = playground.page.getByRole('alert')
    await expect(alert).toContainText('computes on the processor')
    await expect(alert).toContainText('take the wasm backend')
    await alert.getByRole('button', { name: 'Dismiss' }).click()
    await expect(alert).toHaveCount(0)
  })

  test('loading can be cancelled and taken up again', async ({ playground, page, expectedErrors }) => {
    expectedErrors.push(/Failed to load resource/)
    const parquet = cifarParquet(100)
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    await serveFiles(page, { 'cifar10/train.parquet': parquet, 'cifar10/test.parquet': parquet }, () => held)
    await playground.open(link(cifar), wasm)
    await playground.button('Start').click()
    await expect(playground.panel('What happens now')).toContainText(/CIFAR-10/)
    await playground.button('Cancel').click()
    await expect(playground.button('Start')).toBeEnabled()
    release()
    await playground.runToEnd()
    await expect(playground.panel('What happens now')).toContainText("this page's own origin")
  })

  test('an engine that is stuck is ended by Cancel, and one that dies without a word is noticed', async ({
    playground,
    page,
    expectedErrors,
  }) => {
    expectedErrors.push(/Failed to load resource/)
    // Nobody answers, so that loading waits while the engine's thread is kept busy.
    await page.route(/data\/cifar10/, () => undefined)
    await playground.open(link(cifar), wasm)
    await playground.button('Start').click()
    await expect.poll(() => page.workers().length).toBe(1)
    const busy = page.workers()[0]!.evaluate(() => {
      const end = performance.now() + 20_000
      while (performance.now() < end);
    })
    // It ends with its worker.
    busy.catch(() => undefined)
    await playground.button('Cancel').click()
    await expect(playground.button('Start')).toBeEnabled({ timeout: 8000 })
    await expect(page.getByRole('alert')).toHaveCount(0)

    await page.unroute(/data\/cifar10/)
    await playground.open(link({ ...tiny, 'training.steps': endless }), wasm)
    await playground.button('Start').click()
    await expect.poll(() => playground.step()).toBeGreaterThan(0)
    const dying = page.workers()[0]!.evaluate(() => {
      self.close()
    })
    dying.catch(() => undefined)
    await expect(page.getByRole('alert')).toContainText('it ended without saying why', { timeout: 5000 })
    await playground.button('Try again').click()
    await expect.poll(() => playground.step()).toBeGreaterThan(0)
    await playground.button('Stop').click()
  })

  test('a lost network is a Problem with a way out, and the next try succeeds', async ({
    playground,
    page,
    expectedErrors,
  }) => {
    expectedErrors.push(/Failed to load resource/)
    await page.route(/huggingface\.co|data\/cifar10/, (route) => route.abort('internetdisconnected'))
    await playground.open(link(cifar), wasm)
    await playground.button('Start').click()
    const alert = page.getByRole('alert')
    await expect(alert).toContainText('cannot be reached')
    await expect(alert).toContainText('Check the network')
    await page.unroute(/huggingface\.co|data\/cifar10/)
    const parquet = cifarParquet(100)
    await serveFiles(page, { 'cifar10/train.parquet': parquet, 'cifar10/test.parquet': parquet })
    await alert.getByRole('button', { name: 'Try again' }).click()
    await playground.ended()
  })

  test('a Parquet file that is cut off is named, and nothing else takes its place', async ({
    playground,
    page,
    expectedErrors,
  }) => {
    expectedErrors.push(/Failed to load resource/)
    const parquet = cifarParquet(100)
    await serveFiles(page, {
      'cifar10/train.parquet': parquet.slice(0, parquet.byteLength - 200),
      'cifar10/test.parquet': parquet,
    })
    await playground.open(link(cifar), wasm)
    await playground.button('Start').click()
    await expect(page.getByRole('alert')).toContainText(/train\.parquet/)
    await expect(playground.button('Run Shapes instead')).toBeVisible()
    await expect(playground.panel('What happens now')).not.toContainText('Shapes, ')
  })

  test('a loss that is not finite stops the run at the last good step', async ({ playground, page }) => {
    await playground.open(
      link({
        ...tiny,
        'training.steps': 2000,
        'training.optimizer': 'sgd',
        'training.rate': 10,
        'training.momentum': 0.999,
        'training.clip': 0,
        'training.schedule': 'constant',
        'training.warmup': 0,
      }),
      wasm,
    )
    await playground.button('Start').click()
    await expect(page.getByRole('alert')).toContainText(
      /The loss or the gradient of step \d+ is not a finite number; the run stopped at step \d+/,
      { timeout: 120_000 },
    )
    await expect(page.getByRole('alert')).toContainText('Lower the learning rate')
    // What was computed is still there.
    await expect(playground.panel('Loss and accuracy')).toContainText('Training loss')
  })
})
