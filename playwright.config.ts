import { createServer } from 'node:net'
import { defineConfig } from '@playwright/test'
import { ensureBrowser, findFirefox } from './scripts/browser.mjs'
import { findRealData } from './scripts/realData.mjs'
import { attackSeeds } from './src/cli/attack/size'

/** Workers read this file again: what is found once travels on in the environment. */
process.env.PLAYGROUND_CHROMIUM ??= ensureBrowser()
process.env.PLAYGROUND_FIREFOX ??= findFirefox() ?? ''
process.env.PLAYGROUND_DATA = findRealData() ?? ''
// Names of tests hold it, and every worker must find the same names.
process.env.PLAYGROUND_SEED ??= String(attackSeeds(0).drawn)
process.env.PLAYGROUND_PORT ??= String(await freePort())

const port = process.env.PLAYGROUND_PORT

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  // A journey waits for the page as often as the page computes. A software GPU takes every core, so they may take long.
  workers: 2,
  timeout: 240_000,
  expect: { timeout: 60_000 },
  forbidOnly: true,
  reporter: 'list',
  use: {
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1280, height: 800 },
    // Only journeys about it need one: it fetches the whole page, and `route` does not see what it does.
    serviceWorkers: 'block',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.PLAYGROUND_CHROMIUM,
      args: [
        '--no-sandbox',
        '--headless=new',
        '--enable-unsafe-webgpu',
        '--use-webgpu-adapter=swiftshader',
        '--disable-background-networking',
        '--use-fake-device-for-media-stream',
      ],
      ignoreDefaultArgs: ['--headless', '--headless=old'],
    },
  },
  webServer: {
    command: `npx vite preview --port ${port} --strictPort`,
    url: `http://localhost:${port}`,
    reuseExistingServer: false,
  },
})

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const address = server.address()
      server.close(() => {
        resolve(typeof address === 'object' && address ? address.port : 0)
      })
    })
  })
}
