import { describe, expect, test } from 'vitest'
import { awkwardSizes, lehmer, runKernel } from '../../src/gpu/testing'
import { norm as normKernel, squares } from '..'
import { padded, stepSettings } from '../fixtures'
import { freshControl, norm, readControl, squaresChunk, writeControl } from './norm'
import { stepStruct, stepUniform } from './step'

/** Both dispatches, as the engine runs them. */
async function onGpu(
  grads: Float32Array,
  loss: number,
  step: number,
  clip: number,
  control = new Uint32Array(writeControl(freshControl)),
  metrics = new Float32Array(8),
) {
  const chunks = Math.ceil(grads.length / squaresChunk)
  const arena = new Float32Array(padded(grads.length))
  arena.set(grads)
  const { partials } = await runKernel(squares, { grads: arena, partials: new Float32Array(2 * chunks) }, [
    chunks,
    1,
    1,
  ])
  const after = await runKernel(
    normKernel,
    {
      step: stepUniform(stepSettings(grads.length, { step, clip })),
      partials,
      loss: Float32Array.of(loss),
      control,
      metrics,
    },
    [1, 1, 1],
  )
  return { control: readControl(after.control.buffer), bytes: after.control, metrics: after.metrics }
}

const scalars = (step: number, clip: number) => stepStruct.read(stepUniform(stepSettings(1, { step, clip })))

test.each([...awkwardSizes, 16384, 40_000])('norm and clip factor at %i gradients', async (size) => {
  const random = lehmer(size)
  const grads = Float32Array.from({ length: size }, random)
  const length = Math.sqrt(grads.reduce((sum, g) => sum + g * g, 0))
  const gpu = await onGpu(grads, 0.5, 3, 0.1)
  const twinMetrics = new Float32Array(8)
  const twin = norm(grads, 0.5, scalars(3, 0.1), freshControl, twinMetrics)
  for (const c of [gpu.control, twin]) {
    expect(Math.abs(c.norm / length - 1)).toBeLessThan(1e-6)
    expect(Math.abs(c.clipFactor / (length > 0.1 ? 0.1 / length : 1) - 1)).toBeLessThan(1e-6)
    expect(c.halted).toBe(0)
  }
  expect(gpu.metrics[6]).toBe(0.5)
  expect(gpu.metrics[7]).toBe(gpu.control.norm)
  expect([...twinMetrics.subarray(0, 6)]).toEqual([0, 0, 0, 0, 0, 0])
})

test('by hand: norm of (3, 4) is 5; clip 1 gives 0.2, clip 6 and clip 0 leave it', async () => {
  const grads = Float32Array.of(3, 4)
  for (const [clip, factor] of [
    [1, 0.2],
    [6, 1],
    [0, 1],
  ] as const) {
    const { control } = await onGpu(grads, 1, 0, clip)
    expect(control).toEqual({ clipFactor: Math.fround(factor), halted: 0, haltedStep: 0, norm: 5 })
    expect(norm(grads, 1, scalars(0, clip), freshControl, new Float32Array(8))).toEqual(control)
  }
})

test('the ring keeps the last steps: step 9 of a ring of 4 is pair 1', async () => {
  const { metrics } = await onGpu(Float32Array.of(3, 4), 2, 9, 0)
  expect([...metrics]).toEqual([0, 0, 2, 5, 0, 0, 0, 0])
})

describe('halting', () => {
  test.each([
    ['NaN gradient', [1, Number.NaN], 1],
    ['infinite gradient', [1, -Infinity], 1],
    ['NaN loss', [1, 2], Number.NaN],
    ['infinite loss', [1, 2], Infinity],
    ['norm past float32', [3e38, 3e38], 1],
  ] as const)('%s halts at its step', async (_, grads, loss) => {
    const { control } = await onGpu(Float32Array.from(grads), loss, 5, 1)
    expect(control).toMatchObject({ halted: 1, haltedStep: 5, clipFactor: 0 })
    expect(norm(Float32Array.from(grads), loss, scalars(5, 1), freshControl, new Float32Array(8))).toMatchObject({
      halted: 1,
      haltedStep: 5,
      clipFactor: 0,
    })
  })

  test('the first bad step is remembered, and a good one does not undo it', async () => {
    const bad = await onGpu(Float32Array.of(Number.NaN), 1, 5, 1)
    const good = await onGpu(Float32Array.of(1), 1, 6, 1, bad.bytes)
    expect(good.control).toMatchObject({ halted: 1, haltedStep: 5, clipFactor: 0 })
  })
})
