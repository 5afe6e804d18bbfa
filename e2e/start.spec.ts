import { spawn, type ChildProcess } from 'node:child_process'
import type { Page } from '@playwright/test'
import { expect, link, narrow, test, tiny, wide } from './playground'

/** Everything but the server of the page itself is out of reach. */
async function cutNetwork(page: Page, origin: string): Promise<void> {
  await page.route(
    (url) => url.origin !== new URL(origin).origin,
    (route) => route.abort('internetdisconnected'),
  )
}

/** Starts `npm start`, and answers the address that it prints. */
async function npmStart(): Promise<{ readonly address: string; readonly stop: () => Promise<void> }> {
  const server: ChildProcess = spawn(process.execPath, ['scripts/start.mjs'], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = () =>
    new Promise<void>((resolve) => {
      server.once('exit', () => {
        resolve()
      })
      server.kill()
    })
  let printed = ''
  const address = await new Promise<string>((resolve, reject) => {
    server.once('exit', (code) => {
      reject(new Error(`npm start ended with ${code}: ${printed}`))
    })
    server.stdout?.on('data', (text: Buffer) => {
      printed += text.toString()
      const found = /The playground is at (\S+)/.exec(printed)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  return { address, stop }
}

// A first visit, on WebAssembly: a minute on a machine without a GPU.
test.describe('without a network', () => {
  test.describe.configure({ timeout: 600_000 })

  test('npm start, then Start, runs to the end', async ({ page, playground }) => {
    const { address, stop } = await npmStart()
    try {
      await page.setViewportSize(wide)
      await cutNetwork(page, address)
      await page.goto(address)
      await expect(playground.panel('What happens now')).toContainText('CIFAR-10, 28.7 MB')
      await playground.button('Start').click()
      await expect(playground.panel('What happens now')).toContainText(/weights kept, 80\.\d\d\s% pruned/, {
        timeout: 500_000,
      })
      await expect(playground.panel('What happens now')).toContainText('WebAssembly')
    } finally {
      await stop()
    }
  })

  test('on a phone, data that cannot be had leads to Shapes, which run', async ({
    page,
    playground,
    baseURL,
    expectedErrors,
  }) => {
    expectedErrors.push(/Failed to load resource/)
    await page.setViewportSize(narrow)
    await cutNetwork(page, baseURL ?? '')
    await playground.open('', '')
    await playground
      .panel('What happens now')
      .getByRole('button', { name: /^CIFAR-10/ })
      .click()
    await playground.button('Start').click()
    await expect(page.getByRole('alert')).toContainText('cannot be reached')
    await playground.button('Run Shapes instead').click()
    await expect(page.getByRole('alert')).toHaveCount(0)
    await expect.poll(() => playground.step(), { timeout: 120_000 }).toBeGreaterThan(0)
  })
})

test('text that cannot be had leads to Phrases', async ({ page, playground, baseURL, expectedErrors }) => {
  expectedErrors.push(/Failed to load resource/)
  await cutNetwork(page, baseURL ?? '')
  await playground.open(link({ data: 'sst2', method: 'magnitude' }), '?backend=wasm')
  await playground.button('Start').click()
  await playground.button('Run Phrases instead').click()
  await expect.poll(() => playground.step(), { timeout: 120_000 }).toBeGreaterThan(0)
  await expect(playground.panel('What happens now')).toContainText('Phrases, ')
  await expect(playground.picker('Method')).toHaveValue('Magnitude')
})

test('what is wrong with something else than data does not blame the data', async ({ page, playground }) => {
  await playground.open(link(tiny), '?backend=webgpu')
  await playground.button('Start').click()
  await expect(page.getByRole('alert')).toContainText('computes on the processor')
  await expect(playground.button('Run Shapes instead')).toHaveCount(0)
})
