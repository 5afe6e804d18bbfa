import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { writeServiceWorker } from '../scripts/offline.mjs'
import { endless, expect, link, Playground, test, tiny, wasm } from './playground'
import { staticHost } from './staticHost'

test.use({ serviceWorkers: 'allow' })

/** Opens the page of a plain host; resolves once it has threads, and so everything that it needs without a network. */
async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address)
  // It loads itself again, unless somebody touches it, for which the browser takes whatever a test does to it.
  await page.waitForEvent('load')
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
}

const versionOf = (page: Page) => page.locator('meta[name="version"]').getAttribute('content')

/** Versions of the page that the browser keeps. */
const keptVersions = (page: Page) =>
  page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('shell ')).length)

test('after one visit to a plain host all of it works without a network, with threads', async ({
  playground,
  page,
  context,
  expectedErrors,
}) => {
  // Of real data, which were never loaded here.
  expectedErrors.push(/net::ERR_/, /Failed to load resource/)
  const host = await staticHost('dist')
  let loads = 0
  page.on('domcontentloaded', () => {
    loads += 1
  })
  await visit(page, host.url)
  // Without headers, and again with them.
  expect(loads).toBe(2)

  await host.close()
  await context.setOffline(true)
  await page.goto(`${host.url}${wasm}`)
  await expect(playground.button('Start')).toBeEnabled()
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  await playground.runToEnd()
  await page.getByText('Engine and data').click()
  await expect(page.getByText(/SIMD, \d+ threads/)).toBeVisible()
  for (const name of ['Try it', 'Inside', 'Cost', 'Learn', 'Compare']) {
    const tab = page.getByRole('tab', { name, exact: true })
    await tab.click()
    await expect(page.getByRole('tabpanel', { name, exact: true }).getByRole('region').first()).toBeVisible()
  }
  expect(loads).toBe(3)
})

/** A later version: every file in `assets/` has another name, as after a change of all code. */
async function laterVersion(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'later-'))
  cpSync('dist', folder, { recursive: true })
  const assets = join(folder, 'assets')
  const names = readdirSync(assets)
  const later = (name: string) => name.replace(/(\.\w+)$/, '2$1')
  const pattern = new RegExp(names.map((name) => name.replaceAll('.', '\\.')).join('|'), 'g')
  for (const path of [...names.map((name) => join(assets, name)), join(folder, 'index.html')])
    if (/\.(js|css|html)$/.test(path)) writeFileSync(path, readFileSync(path, 'utf8').replace(pattern, later))
  for (const name of names) renameSync(join(assets, name), join(assets, later(name)))
  await writeServiceWorker(folder)
  return folder
}

test('a new version is offered, and an open page goes on with its own', async ({ playground, page, context }) => {
  const later = await laterVersion()
  const host = await staticHost('dist')
  const tiniest = link({ ...tiny, 'training.steps': endless })
  await visit(page, `${host.url}${wasm}${tiniest}`)
  const first = await versionOf(page)
  await playground.button('Start').click()
  await expect.poll(() => playground.step()).toBeGreaterThan(0)

  host.folder = later
  const other = new Playground(await context.newPage())
  await other.page.goto(`${host.url}${wasm}${tiniest}`)
  for (const { page } of [playground, other]) await expect(page.getByText('A new version is there.')).toBeVisible()
  expect(await versionOf(other.page)).toBe(first)

  await other.button('Reload').click()
  await expect.poll(() => versionOf(other.page).catch(() => first)).not.toBe(first)
  await expect(other.button('Start')).toBeVisible()
  // The run goes on, and parts that its page had not loaded are still those of its own version.
  expect(await versionOf(page)).toBe(first)
  const step = await playground.step()
  await expect.poll(() => playground.step()).toBeGreaterThan(step)
  await page.getByRole('tab', { name: 'Learn', exact: true }).click()
  await expect(playground.panel('Lessons')).toBeVisible()
  expect(await keptVersions(page)).toBe(2)
  await playground.button('Stop').click()

  // Once nobody uses the first version, it is gone.
  await page.close()
  await other.page.reload()
  await expect.poll(() => keptVersions(other.page)).toBe(1)
  await host.close()
  rmSync(later, { recursive: true })
})
