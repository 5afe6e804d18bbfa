/** Finds (and for tests installs) a Chromium that the end-to-end tests can drive. */
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
  const onPath = names.map((name) => spawnSync('which', [name], { encoding: 'utf8' }).stdout?.trim())
  return [...onPath, ...places.filter(existsSync), chromium.executablePath()].find((path) => path && starts(path))
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

function starts(path) {
  return existsSync(path) && spawnSync(path, ['--version'], { timeout: 30_000 }).status === 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(ensureBrowser())
