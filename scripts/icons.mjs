/** Makes the icons of the installed page from public/icon.svg. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launch } from './browser.mjs'

const folder = join(import.meta.dirname, '..', 'public')
const svg = readFileSync(join(folder, 'icon.svg'), 'utf8')

/** The systems that round icons by themselves cut up to a tenth of each side away, and show no transparent corners. */
const whole = { 'icon-maskable': 512, 'icon-apple': 180 }

const browser = await launch()
const page = await browser.newPage()
for (const [name, size] of Object.entries({ 'icon-192': 192, 'icon-512': 512, ...whole })) {
  const inset = name in whole ? size * 0.1 : 0
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(`<style>
    body { margin: 0; background: ${inset ? '#14181d' : 'transparent'} }
    svg { position: absolute; inset: ${inset}px; width: ${size - 2 * inset}px }
  </style>${svg}`)
  writeFileSync(join(folder, `${name}.png`), await page.screenshot({ omitBackground: inset === 0 }))
}
await browser.close()
