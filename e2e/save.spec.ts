import { readFileSync } from 'node:fs'
import { decode, decodeApng } from 'fast-png'
import { pairColours } from '../src/core/palette'
import { expect, link, test, tiny, wasm, type Playground } from './playground'

/** Opens the menu of a panel and saves by one of its ways. */
async function saved(playground: Playground, panel: string, way: string): Promise<Buffer> {
  const part = playground.panel(panel)
  await part.getByText('Save', { exact: true }).first().click()
  const waiting = playground.page.waitForEvent('download')
  await part.getByRole('button', { name: way, exact: true }).click()
  const file = readFileSync(await (await waiting).path())
  await playground.page.keyboard.press('Escape')
  return file
}

test('charts, the map and the course of a run are taken away as files', async ({ playground }) => {
  await playground.open(link({ ...tiny, 'method.sparsity': 0.75 }), wasm)
  await playground.runToEnd()

  const chart = 'Loss and accuracy'
  const svg = (await saved(playground, chart, 'SVG')).toString()
  expect(svg).toContain('Held-out accuracy')
  expect(svg).not.toContain('var(--')
  expect(decode(await saved(playground, chart, 'PNG')).width).toBeGreaterThan(600)
  const lines = (await saved(playground, chart, 'CSV')).toString().trimEnd().split('\r\n')
  expect(lines[0]).toBe('series,Step,value,deviation,point')
  // At the start, three times while it trains, and whatever comes with the end.
  expect(lines.filter((line) => line.startsWith('Held-out accuracy,')).length).toBeGreaterThanOrEqual(3)

  const layers = (await saved(playground, 'Weight map', 'CSV')).toString().trimEnd().split('\r\n').slice(1)
  const [kept, all] = [1, 2].map((column) => layers.reduce((sum, line) => sum + Number(line.split(',')[column]), 0))
  expect(kept! / all!).toBeCloseTo(0.25, 2)
  const map = decode(await saved(playground, 'Weight map', 'PNG'))
  expect(map.width).toBeGreaterThan(1000)

  const moments = Number(await playground.panel('Weight map').getByRole('slider').getAttribute('max'))
  const film = decodeApng(await saved(playground, 'Weight map', 'Animated PNG of the run'))
  expect(film.frames).toHaveLength(moments)
  const [neither, back, cut, both] = pairColours.light.map((colour) =>
    film.palette?.findIndex((other) => other.slice(0, 3).join() === colour.join()),
  )
  const count = (data: ArrayLike<number>, ...numbers: readonly (number | undefined)[]) =>
    Array.from(data).filter((number) => numbers.includes(number)).length
  const share = film.frames.map(({ data }) => {
    const [on, off] = [count(data, both, back), count(data, neither, cut)]
    return on / (on + off)
  })
  expect(share[0]).toBeGreaterThan(0.9)
  // Names of layers stand on the picture.
  expect(share.at(-1)).toBeGreaterThan(0.2)
  expect(share.at(-1)).toBeLessThan(0.3)
})
