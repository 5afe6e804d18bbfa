import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { bit } from '../core/bits'
import { mapModes, numberLooks, scaleLength, type MapRange, type NumberMode } from '../core/mapModes'
import { scaleColours } from '../core/mapScales'
import { classColours, mapBackground, type Colour } from '../core/palette'
import { noWeight } from '../core/noWeight'
import { mapPixels } from '../core/weightMap'
import { noiseOf } from './measures/noiseOf'
import type { Session } from './run/session'
import { smallVit, testSession } from './testing'

/** What Node lacks of a canvas. */
beforeAll(() => {
  vi.stubGlobal(
    'ImageData',
    class {
      constructor(
        readonly data: Uint8ClampedArray,
        readonly width: number,
      ) {}
    },
  )
})
afterAll(() => {
  vi.unstubAllGlobals()
})

/** A canvas that keeps what is drawn on it. */
function keeping() {
  let shown: { readonly data: Uint8ClampedArray; readonly width: number } | null = null
  const putImageData = (image: NonNullable<typeof shown>) => {
    shown = { data: image.data.slice(), width: image.width }
  }
  const canvas = { width: 0, height: 0, getContext: (kind: string) => (kind === '2d' ? { putImageData } : null) }
  const colourAt = (x: number, y: number): Colour => {
    const at = 4 * (y * (shown?.width ?? 0) + x)
    return [0, 1, 2].map((channel) => shown?.data[at + channel] ?? NaN) as unknown as Colour
  }
  return { canvas: canvas as unknown as OffscreenCanvas, colourAt }
}

const colours = { classes: classColours.light, background: mapBackground.light }
/** Those that are numbers of kept weights alone. */
const modes = mapModes.filter((mode) => mode !== 'class' && mode !== 'age')
type Mode = (typeof modes)[number]

/** The numbers that the read-out shows of a kept weight; null of a cut one. */
async function numbersOf({ executor }: Session, index: number): Promise<Record<Mode, number> | null> {
  const [[sample], latest] = await Promise.all([executor.sample(Uint32Array.of(index)), executor.latest(index)])
  if (!sample) throw new Error(`No sample of ${index}.`)
  if (sample.cut) return null
  return {
    value: sample.weight,
    gradient: latest.gradient,
    sensitivity: Math.abs(sample.weight * latest.gradient) / latest.norm,
    noise: noiseOf(sample) ?? NaN,
    importance: sample.importance,
    score: latest.score,
  }
}

/** Where in its scale a number lies, as the legend draws it. */
function placeOf(value: number, mode: NumberMode, { low, high }: MapRange): number {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)))
  const { root } = numberLooks[mode]
  return Math.min(scaleLength - 1, Math.floor((root && low === 0 ? Math.sqrt(share) : share) * scaleLength))
}

it.each(['webgpu', 'wasm'] as const)(
  'on %s every mode paints the numbers of the read-out by the range of the legend',
  async (backend) => {
    const experiment = { ...smallVit, method: 'magnitude', 'method.schedule': 'once', 'method.sparsity': 0.5 }
    const { session } = await testSession(experiment, backend)
    const { executor, pruner } = session
    const { painter, layout } = executor
    const { canvas, colourAt } = keeping()
    await painter.attach(canvas)
    while (!session.finished) await session.advance(5)
    await session.settle()
    await executor.classify(pruner.budget)
    const { map } = session.opened
    const pixels = [...mapPixels(layout.prunable, map).entries()].filter(([pixel]) => pixel % 37 === 0)
    const indices = pixels.map(([, index]) => index).filter((index) => index !== noWeight)
    const read = new Map(await Promise.all(indices.map(async (i) => [i, await numbersOf(session, i)] as const)))
    for (const mode of modes) {
      const scale = scaleColours(numberLooks[mode].colours, 'light')
      await painter.paint({ ...colours, mode, scale, step: session.step })
      const range = await painter.range()
      if (!range) throw new Error(`${mode} has no range.`)
      expect(range.low, mode).toBe(numberLooks[mode].span === 'symmetric' ? -range.high : 0)
      const expected = (index: number): readonly unknown[] => {
        if (index === noWeight) return [mapBackground.light]
        const numbers = read.get(index)
        if (!numbers) return [classColours.light.ordinary.cut]
        const place = placeOf(numbers[mode], mode, range)
        // Rounding may lead to the next colour.
        return [place - 1, place, place + 1].map((i) => scale[i])
      }
      const seen = new Set<string>()
      for (const [pixel, index] of pixels) {
        const colour = colourAt(pixel % map.width, Math.floor(pixel / map.width))
        seen.add(colour.join(' '))
        expect(expected(index), `${mode} of ${index}`).toContainEqual(colour)
      }
      expect(seen.size, mode).toBeGreaterThan(10)
    }
    session.dispose()
  },
)

it.each(['webgpu', 'wasm'] as const)(
  'on %s nothing is known before the first gradient but values, and a score only after a cut',
  async (backend) => {
    const { session } = await testSession({ ...smallVit, method: 'magnitude', 'method.sparsity': 0.5 }, backend)
    const { painter } = session.executor
    const ranges = async () => {
      const found: Partial<Record<NumberMode, boolean>> = {}
      for (const mode of modes) {
        await painter.attach(keeping().canvas)
        await painter.paint({
          ...colours,
          mode,
          scale: scaleColours(numberLooks[mode].colours, 'light'),
          step: session.step,
        })
        found[mode] = (await painter.range()) !== null
      }
      return found
    }
    const nothing = { gradient: false, sensitivity: false, noise: false, importance: false, score: false }
    expect(await ranges()).toEqual({ value: true, ...nothing })
    await session.advance(1)
    await session.settle()
    expect(await ranges()).toEqual({
      value: true,
      gradient: true,
      sensitivity: true,
      noise: false,
      importance: true,
      score: false,
    })
    while (!session.finished) await session.advance(5)
    await session.settle()
    expect((await ranges()).score).toBe(true)
    session.reset()
    expect(await ranges()).toEqual({ value: true, ...nothing })
    session.dispose()
  },
)

it.each(['webgpu', 'wasm'] as const)(
  'on %s the age of a mask bit counts from its last change, of cut weights and of those that came back',
  async (backend) => {
    const exchanging = { method: 'rigl', 'method.sparsity': 0.5, 'method.every': 4 }
    const { session } = await testSession({ ...smallVit, ...exchanging, 'training.steps': 24 }, backend)
    const { executor, opened } = session
    const { painter, layout } = executor
    await session.advance(1)
    await session.settle()
    let mask = await executor.mask()
    const changed = new Float32Array(layout.prunableLength).fill(NaN)
    expect(painter.remembers).toBe(false)
    await painter.remember({ steps: changed.slice(), mask })
    while (!session.finished) {
      await session.advance(1)
      await session.settle()
      const next = await executor.mask()
      for (let i = 0; i < changed.length; i++) if (bit(mask, i) !== bit(next, i)) changed[i] = session.step
      mask = next
    }
    const pixels = [...mapPixels(layout.prunable, opened.map).entries()].filter(([, i]) => i !== noWeight)
    const ages = pixels.map(([, i]) => session.step - changed[i]!)
    const range = { low: 0, high: Math.max(...ages.filter(Number.isFinite)) }
    expect(new Set(ages).size).toBeGreaterThan(3)
    const { canvas, colourAt } = keeping()
    await painter.attach(canvas)
    const scale = scaleColours(numberLooks.age.colours, 'light')
    await painter.paint({ ...colours, mode: 'age', scale, step: session.step })
    const told = await painter.range()
    // The end of a range is the edge of a quarter of an octave.
    expect(told?.low).toBe(0)
    expect(told?.high).toBeGreaterThan(range.high)
    expect(told?.high).toBeLessThanOrEqual(1.25 * range.high)
    const { width } = opened.map
    const seen = pixels.map(([pixel]) => colourAt(pixel % width, Math.floor(pixel / width)))
    seen.forEach((colour, k) => {
      const age = ages[k]!
      const place = Number.isNaN(age) ? null : placeOf(age, 'age', told!)
      const expected =
        place === null ? [classColours.light.ordinary.kept] : [place - 1, place, place + 1].map((i) => scale[i])
      expect(expected).toContainEqual(colour)
    })
    for (const [, i] of pixels.filter((_, k) => k % 101 === 0))
      expect((await executor.latest(i)).changed).toBe(changed[i])
    session.reset()
    expect(painter.remembers).toBe(false)
    session.dispose()
  },
)
