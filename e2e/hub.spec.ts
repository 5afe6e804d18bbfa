import type { Page } from '@playwright/test'
import { cifarParquet } from '../src/data/testing'
import { redirectingHost, type Habit, type RedirectingHost } from '../src/host/testing'
import { expect, link, phrases, test, viewports, wasm } from './playground'
import { sizes, trainedBert } from './trainedBert'

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

/** Sends what the page asks the hub for to a host of ours. */
async function redirectHub(page: Page, { address }: RedirectingHost): Promise<void> {
  await page.route('https://huggingface.co/**', async (route) => {
    const { pathname } = new URL(route.request().url())
    await route.fulfill({
      status: 302,
      headers: { 'access-control-allow-origin': '*', location: `${address}${pathname}` },
    })
  })
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
      await redirectHub(page, host)
      await playground.open(link(small), '?backend=wasm')
      await playground.runToEnd()
      await expect(playground.panel('What happens now')).toContainText('from Hugging Face (uoft-cs/cifar10)')
      expect(host.asked.some((line) => line === `GET ${folder}/train-00000-of-00001.parquet`)).toBe(whole)
    } finally {
      await host.close()
    }
  })
}

const sha = '0123456789abcdef0123456789abcdef01234567'

for (const viewport of viewports) {
  test(`a model of Hugging Face that stalls is cancelled, fetched on, and fine-tuned, ${viewport.width} px`, async ({
    page,
    playground,
    expectedErrors,
  }) => {
    expectedErrors.push(/Failed to load resource/)
    await page.setViewportSize(viewport)
    const model = [...trainedBert()]
    const listing = { sha, siblings: model.map(([rfilename]) => ({ rfilename })) }
    const folder = `/some/bert/resolve/${sha}`
    let stalls = true
    // The second block of the weights never comes, until the server is well again.
    const habit: Habit = ({ url, headers }) =>
      stalls && url === `${folder}/model.safetensors` && /^bytes=1048576-/.test(headers.range ?? '')
    const host = await redirectingHost(
      {
        '/api/models/some/bert/revision/main': new TextEncoder().encode(JSON.stringify(listing)),
        ...Object.fromEntries(model.map(([name, file]) => [`${folder}/${name}`, file])),
      },
      habit,
    )
    try {
      await redirectHub(page, host)
      const settings = Object.fromEntries(Object.entries(sizes).map(([knob, value]) => [`model.${knob}`, value]))
      const experiment = {
        data: 'phrases',
        'data.train': 256,
        'data.held': 64,
        ...settings,
        method: 'magnitude',
        start: 'hub',
        'start.repository': 'some/bert',
        'training.steps': 10,
        'training.batch': 8,
      }
      await playground.open(link(experiment), wasm)
      const run = playground.panel('What happens now')
      await playground.button('Start').click()
      await expect(run).toContainText('Fetching the weights of some/bert at 0123456')
      const weights = () => host.asked.filter((line) => line.startsWith(`GET ${folder}/model.safetensors`))
      await expect.poll(() => weights().some((line) => line.includes('bytes=1048576-'))).toBe(true)
      await playground.button('Cancel').click()
      await expect(playground.button('Start')).toBeEnabled()
      stalls = false
      const before = weights().length
      await playground.runToEnd()
      await expect(run).toContainText(
        /From some\/bert at 0123456: [\d,]+ weights, with all 2 of its blocks; .*the head.* new/,
      )
      await expect(run).toContainText('pieces of the model')
      // What had come is not asked for again.
      expect(
        weights()
          .slice(before)
          .filter((line) => /bytes=0-1048575$/.test(line)),
      ).toEqual([])
    } finally {
      await host.close()
    }
  })
}

test('a model that cannot be had leads to random weights, which train', async ({
  page,
  playground,
  expectedErrors,
}) => {
  expectedErrors.push(/Failed to load resource/)
  const host = await redirectingHost({})
  try {
    await redirectHub(page, host)
    await playground.open(link({ ...phrases, start: 'hub', 'start.repository': 'nobody/nothing' }), wasm)
    await playground.button('Start').click()
    await expect(page.getByRole('alert')).toContainText('nobody/nothing at main could not be found')
    await playground.button('Run from random weights instead').click()
    await playground.ended()
    expect(page.url()).not.toContain('start=')
  } finally {
    await host.close()
  }
})
