import { expect, it } from 'vitest'
import { ofHalf } from '../../core/halves'
import type { Frame } from '../../core/recorded'
import { sampledIndices } from '../../core/sampledIndices'
import { weightClasses } from '../../core/trainer'
import { maskAt } from '../../past/maskAt'
import { smallVit, testSession } from '../testing'
import { Recorder } from './recorder'

const near = (number: number) => expect.closeTo(number, Math.abs(number) / 128) as number

/** A run and its frames, taken as the page's trainer takes them. */
async function recorded(settings: Readonly<Record<string, unknown>>, backend: 'webgpu' | 'wasm') {
  const { session } = await testSession({ ...smallVit, 'training.steps': 60, ...settings }, backend)
  const frames: Frame[] = []
  const recorder = new Recorder(session, (frame) => frames.push(frame))
  while (!session.finished) {
    await session.advance(recorder.upTo(64))
    await recorder.offer()
  }
  await session.settle()
  await recorder.end()
  return { session, frames, record: { matrices: session.opened.matrices, frames } }
}

it.each(['webgpu', 'wasm'] as const)('a run on %s can be looked back at: masks, classes, weights', async (on) => {
  const { session, frames, record } = await recorded({ method: 'sevenDyn', 'method.sparsity': 0.7 }, on)
  const { executor, opened } = session
  const steps = frames.map(({ step }) => step)
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b))
  expect([steps[0], steps.at(-1)]).toEqual([1, 60])
  expect(frames.length).toBeGreaterThan(10)
  expect(frames.map(({ whole }) => whole)).toEqual(frames.map((_, i) => i === 0))
  // What was cut and came back adds up to what is kept, and masks of a method that cuts for good only shrink.
  frames.forEach(({ kept, back }, i) => {
    const lost = frames.slice(0, i + 1).reduce((sum, frame) => sum + frame.cut - frame.back, 0)
    expect([back, kept.reduce((a, b) => a + b)]).toEqual([0, opened.prunable - lost])
  })
  const mask = await maskAt(record, frames.length - 1)
  expect(mask).toEqual(await executor.mask())
  const last = frames.at(-1)!
  expect(last.kept).toEqual((await session.layers()).map(({ kept }) => kept))
  expect(last.classes).toEqual(await executor.classify(session.pruner.budget))
  const samples = await executor.sample(sampledIndices(opened.matrices))
  const read = last.sample!
  samples.forEach((sample, i) => {
    expect([read.value[i]!, read.importance[i]!, read.peak[i]!].map(ofHalf)).toEqual([
      near(sample.weight),
      near(sample.importance),
      near(sample.peak),
    ])
    expect([weightClasses[read.code[i]! & 3], read.code[i]! >= 4]).toEqual([sample.class, sample.cut])
  })
  session.dispose()
})

it('weights that come back are counted', async () => {
  const { session, frames, record } = await recorded(
    { method: 'rigl', 'method.sparsity': 0.5, 'method.every': 10 },
    'wasm',
  )
  expect(frames.reduce((sum, { back }) => sum + back, 0)).toBeGreaterThan(0)
  expect(await maskAt(record, frames.length - 1)).toEqual(await session.executor.mask())
  session.dispose()
})
