/** Finds (and for tests installs) the browsers that the end-to-end tests drive, and starts Chromium for pictures. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { canInstall, install } from './apt.mjs'

const names = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser']
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/**
 * Path of a browser that starts: PLAYGROUND_CHROMIUM, an installed Chromium or Chrome, Playwright's own; undefined for
 * none.
 */
export function findBrowser() {
  const named = process.env.PLAYGROUND_CHROMIUM
  if (named) {
    if (!starts(named))
      throw new Error(`PLAYGROUND_CHROMIUM is ${named}, which does not start. Give the path of a Chrome or Chromium.`)
    return named
  }
  return [...names.map(onPath), ...places.filter(existsSync), chromium.executablePath()].find(
    (path) => path && starts(path),
  )
}

/** As `findBrowser`, after installing Debian's Chromium. @throws Error saying what to install */
export function ensureBrowser() {
  const found = findBrowser() ?? (canInstall() && install(['chromium']) ? findBrowser() : undefined)
  if (!found)
    throw new Error(
      'The end-to-end tests need Chromium: install it (or Google Chrome), '
        + 'or run "npx playwright-core install --with-deps chromium".',
    )
  return found
}

const firefoxes = ['firefox', 'firefox-esr']
const firefoxOfMac = '/Applications/Firefox.app/Contents/MacOS/firefox'

/** Path of a Firefox that starts: PLAYGROUND_FIREFOX or an installed one; undefined for none. */
export function findFirefox() {
  const places = [process.env.PLAYGROUND_FIREFOX, ...firefoxes.map(onPath), firefoxOfMac]
  return places.find((path) => path && starts(path))
}

/** As `findFirefox`, after installing Debian's. */
export function ensureFirefox() {
  return findFirefox() ?? (canInstall() && install(['firefox-esr']) ? findFirefox() : undefined)
}

/** A headless browser for scripts that take pictures, with WebGPU on a software adapter. */
export function launch() {
  return chromium.launch({
    executablePath: findBrowser(),
    ignoreDefaultArgs: ['--headless', '--headless=old'],
    args: ['--no-sandbox', '--headless=new', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  })
}

/** What they train: a small ViT on small shapes, for as many steps as they append. */
export const smallShapes =
  '#/v1?data=shapes&data.size=16&data.held=256&model.patch=4&model.width=32&model.depth=2&model.heads=2&model.ratio=2'
  + '&training.batch=16&training.rate=0.003&training.warmup=20&training.evaluateEvery=50&training.steps='

function onPath(name) {
  return spawnSync('which', [name], { encoding: 'utf8' }).stdout?.trim()
}

function starts(path) {
  return existsSync(path) && spawnSync(path, ['--version'], { timeout: 30_000 }).status === 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(ensureBrowser())
