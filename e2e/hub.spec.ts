import { cifarParquet } from '../src/data/testing'
import { redirectingHost, type Habit } from '../src/host/testing'
import { expect, link, test } from './playground'

const folder = '/datasets/uoft-cs/cifar10/resolve/main/plain_text'
const train = new Uint8Array(cifarParquet(3000, { rowGroupSize: 100 }))
const files = {
  [`${folder}/train-00000-of-00001.parquet`]: train,
  [`${folder}/test-00000-of-00001.parquet`]: new Uint8Array(cifarParquet(100)),
}
const small = {
  'data.train': 100,
  'data.held': 100,
  'model.patch': 16,
  'model.width': 16,
  'model.depth': 1,
  'model.heads': 2,
  'training.steps': 5,
  'training.batch': 8,
}

/**
 * Two servers, two origins: the hub redirects to the first, which redirects to the second, which exposes no header to
 * pages.
 */
const habits: Readonly<Record<string, { readonly habit?: Habit; readonly whole: boolean }>> = {
  'hides how long files are': { whole: false },
  'refuses HEAD, too': {
    habit: ({ method }, response) => method === 'HEAD' && !!response.writeHead(403).end(),
    whole: true,
  },
}

for (const [what, { habit, whole }] of Object.entries(habits)) {
  test(`Hugging Face redirects to an origin that ${what}: CIFAR-10 is read all the same`, async ({
    page,
    playground,
    expectedErrors,
  }) => {
    expectedErrors.push(/Failed to load resource/)
    const host = await redirectingHost(files, habit)
    try {
      await page.route('https://huggingface.co/**', async (route) => {
        const { pathname } = new URL(route.request().url())
        await route.fulfill({
          status: 302,
          headers: { 'access-control-allow-origin': '*', location: `${host.address}${pathname}` },
        })
      })
      await playground.open(link(small), '?backend=wasm')
      await playground.runToEnd()
      await expect(playground.panel('Run')).toContainText('from Hugging Face (uoft-cs/cifar10)')
      expect(host.asked.some((line) => line === `GET ${folder}/train-00000-of-00001.parquet`)).toBe(whole)
    } finally {
      await host.close()
    }
  })
}
