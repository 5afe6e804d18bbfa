/** SEVENdyn on the kernels: the five tests of docs/algorithms.md 1.2, each on the GPU and on the twins. */
import { describe, expect, test } from 'vitest'
import { placeTensors } from '../src/core/layout'
import { sevenKeepRatio } from '../src/core/schedule'
import { lehmer, runKernel, testDevice, type Buffers } from '../src/gpu/testing'
import { storageBuffer, write } from '../src/gpu/buffers'
import { encode, reflect } from '../src/gpu/kernel'
import { Readback } from '../src/gpu/readback'
import { createSelection } from '../src/gpu/selection'
import * as shaders from '.'
import { bit, countOnes } from '../src/core/bits'
import { controlBlock, maskOf, stepSettings } from './fixtures'
import { mask } from './select/mask'
import { readControl } from './train/norm'
import { observe } from './train/observe'
import { score } from './formula/score'
import { viewUniform } from './formula/view'
import { select, selectionTables, type SelectionTables } from './select/select'
import { stepStruct, stepUniform } from './train/step'
import { adamw } from './train/update'

const size = 300

interface Statistics {
  readonly importance: Float32Array
  readonly noiseMean: Float32Array
  readonly noiseSquare: Float32Array
  readonly moment1: Float32Array
}

/** Importance after these gradients at fixed weights. */
type Runner = (
  weights: Float32Array,
  batches: readonly Float32Array[],
  decays: readonly [number, number],
  mask?: Uint32Array,
) => Promise<Statistics>

const start = (weights: Float32Array, grads: Float32Array, kept = maskOf(size, () => true)) => ({
  weights,
  grads,
  mask: kept,
  moment1: new Float32Array(size),
  noiseMean: new Float32Array(size),
  noiseSquare: new Float32Array(size),
  importance: new Float32Array(size),
})

const stepOf = (age: number, [noiseMeanDecay, noiseSquareDecay]: readonly [number, number]) =>
  stepUniform(stepSettings(size, { momentAge: age, noiseAge: age, noiseMeanDecay, noiseSquareDecay }))

const runners: Record<string, Runner> = {
  async kernel(weights, batches, decays, kept) {
    let b = start(weights, weights, kept)
    for (const [i, grads] of batches.entries()) {
      b = await runKernel(shaders.observe, { ...b, grads, step: stepOf(i, decays), control: controlBlock() }, [2, 1, 1])
    }
    return b
  },
  twin(weights, batches, decays, kept) {
    const b = start(weights, weights, kept)
    batches.forEach((grads, i) =>
      observe({ ...b, grads }, stepStruct.read(stepOf(i, decays)), readControl(controlBlock())),
    )
    return Promise.resolve(b)
  },
}

const draw = lehmer(3)
const weights = Float32Array.from({ length: size }, draw)
const batch = () => Float32Array.from({ length: size }, () => draw() * 0.1)
const ranking = (values: ArrayLike<number>) => Array.from(values, (_, i) => i).sort((a, b) => values[b]! - values[a]!)

describe.each(Object.entries(runners))('%s', (_, run) => {
  test('a: after one batch the importance is |w g|, SNIP', async () => {
    // M = 0.2 a, V = 0.1 a^2, corrected a and a^2: rho = a / (a + 1e-9) = 1.
    const grads = batch()
    const { importance, moment1 } = await run(weights, [grads], [0.8, 0.9])
    const snip = weights.map((w, i) => Math.abs(w * grads[i]!))
    importance.forEach((x, i) => expect(x).toBeCloseTo(snip[i]!, 7))
    expect(ranking(importance).slice(0, 20)).toEqual(ranking(snip).slice(0, 20))
    moment1.forEach((m, i) => expect(m).toBeCloseTo(grads[i]!, 7))
  })

  test('b: with constant |g| and any signs it is the sum of |w g|', async () => {
    const size0 = batch()
    const batches = [1, -1, -1, 1, 1].map((sign) => size0.map((g) => sign * g))
    const { importance } = await run(weights, batches, [0.8, 0.9])
    importance.forEach((x, i) => expect(x).toBeCloseTo(5 * Math.abs(weights[i]! * size0[i]!), 6))
  })

  test('c: with equal decays 0 < rho <= 1', async () => {
    const batches = [batch(), batch(), batch(), batch()]
    const { noiseMean, noiseSquare } = await run(weights, batches, [0.8, 0.8])
    const correction = 1 / (1 - 0.8 ** 4)
    noiseMean.forEach((mean, i) => {
      const rho = (mean * correction) / Math.sqrt(noiseSquare[i]! * correction)
      expect(rho).toBeGreaterThan(0)
      expect(rho).toBeLessThanOrEqual(1 + 1e-6)
    })
  })

  test('by hand: two batches, |g| = 1 then 3, weight 2, decays 0.5 and 0.5', async () => {
    // i=0: M .5, V .5, corrected 1 and 1: I = 2 * 1 * 1 = 2.
    // i=1: M .5*.5 + .5*3 = 1.75, V .5*.5 + .5*9 = 4.75; corrected by 1/.75: 2.33333, 6.33333;
    //      rho = 2.33333 / sqrt(6.33333) = 0.927173; I = 2 + 2 * 3 * 0.927173 = 7.563038. Mean gradient (1 - 3) / 2 =
    // -1.
    const two = new Float32Array(size).fill(2)
    const { importance, moment1 } = await run(
      two,
      [new Float32Array(size).fill(1), new Float32Array(size).fill(-3)],
      [0.5, 0.5],
    )
    expect(importance[0]).toBeCloseTo(7.563038, 5)
    expect(moment1[0]).toBeCloseTo(-1, 6)
  })

  test('pruned weights gather nothing', async () => {
    const kept = maskOf(size, (i) => i % 2 === 0)
    const after = await run(weights, [batch(), batch()], [0.8, 0.9], kept)
    for (const name of ['importance', 'noiseMean', 'noiseSquare', 'moment1'] as const) {
      after[name].forEach((x, i) => {
        if (i % 2) expect(x, `${name}[${i}]`).toBe(0)
        else expect(x).not.toBe(0)
      })
    }
  })
})

/** The state of a run over two prunable tensors; a third of all gradients is 0, so that scores tie. */
function windowArena() {
  const layout = placeTensors(
    [150, 77].map((n, i) => ({
      name: `t${i}`,
      shape: [n],
      init: { kind: 'constant', value: 0 },
      prunable: true,
      decay: true,
    })),
  )
  const length = layout.prunableLength
  const real = new Set(layout.prunable.flatMap((t) => Array.from({ length: t.size }, (_, i) => t.offset + i)))
  const values = (value: (i: number) => number) => Float32Array.from({ length }, (_, i) => (real.has(i) ? value(i) : 0))
  return {
    layout,
    length,
    gradients: () => values((i) => (i % 3 === 0 ? 0 : draw())),
    buffers: {
      weights: values(draw),
      grads: values(() => 0),
      moment1: values(() => 0),
      moment2: values(() => 0),
      mask: maskOf(length, (i) => real.has(i)),
      noiseMean: values(() => 0),
      noiseSquare: values(() => 0),
      importance: values(() => 0),
      scores: new Uint32Array(length),
    },
  }
}

type Arena = ReturnType<typeof windowArena>['buffers']
const scoring = (length: number) => ({
  length,
  ranked: 'kept' as const,
  seed: 0,
  freshSeed: 0,
  stream: 5,
  noiseMeanCorrection: 1,
  noiseSquareCorrection: 1,
  age: 1,
  rate: 0,
  phase: 0,
})

/** One training step and the cut after it. */
const cutters: Record<string, (b: Arena, step: ArrayBuffer, tables: SelectionTables) => Promise<Arena>> = {
  twin(b, step, tables) {
    adamw(b, stepStruct.read(step), readControl(controlBlock()))
    score(
      { ...b, own: [] },
      (x) => x.importance,
      scoring(b.scores.length),
      () => 0,
    )
    mask({ ...b, tiles: tables.tiles, thresholds: select(b.scores, tables) }, readControl(controlBlock()))
    return Promise.resolve(b)
  },
  async kernel(b, step, tables) {
    const uniforms = { step, control: controlBlock(), view: viewUniform(scoring(b.scores.length), [], {}) }
    const updated = await run(shaders.update, { ...b, ...uniforms }, 'adamw')
    const scored = await run(shaders.scoreKernel('x.importance', []).wgsl, { ...updated, ...uniforms })
    const thresholds = await selectOnGpu(scored.scores, tables)
    return run(shaders.mask, { ...scored, ...uniforms, thresholds, tiles: tables.tiles })
  },
}

/** Runs a kernel on those of the buffers that it binds; answers all of them afterwards. */
async function run<B extends Buffers>(code: string, buffers: B, entryPoint = 'main'): Promise<B> {
  const bound = Object.fromEntries(reflect(code).map(({ name }) => [name, buffers[name]!]))
  return { ...buffers, ...(await runKernel(code, bound, [2, 1, 1], { entryPoint })) }
}

async function selectOnGpu(scores: Uint32Array, tables: SelectionTables): Promise<Uint32Array> {
  const device = await testDevice()
  const selection = await createSelection(device, tables)
  const buffer = await storageBuffer(device, 'scores', scores.byteLength)
  write(device, buffer, scores)
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  encode(pass, selection.dispatches(buffer))
  pass.end()
  device.queue.submit([encoder.finish()])
  const readback = new Readback(device)
  const thresholds = await readback.read(selection.thresholds, 0, tables.kept.length * 8)
  readback.dispose()
  selection.dispose()
  return new Uint32Array(thresholds)
}

test.each(Object.entries(cutters))(
  'd and e, %s: over a window masks nest, and floor(r_i n) weights are kept exactly',
  async (_, cut) => {
    const { layout, length, gradients, buffers } = windowArena()
    const window = 8
    let b = buffers
    for (let i = 0; i < window - 1; i++) {
      const before = Uint32Array.from(b.mask)
      const kept = Math.floor(sevenKeepRatio(i, window, 0.8) * 227)
      const step = stepUniform(stepSettings(length, { step: i, momentAge: i, noiseAge: i, rate: 0.01 }))
      b = await cut({ ...b, grads: gradients() }, step, selectionTables(layout, [{ tensors: layout.prunable, kept }]))
      expect(
        b.mask.reduce((sum, word) => sum + countOnes(word), 0),
        `kept after update ${i}`,
      ).toBe(kept)
      expect(
        b.mask.every((word, k) => (word & ~before[k]!) === 0),
        `nested at update ${i}`,
      ).toBe(true)
      for (let k = 0; k < length; k++) {
        if (!bit(b.mask, k))
          expect([b.weights[k], b.moment1[k], b.moment2[k], b.importance[k]], `pruned ${k}`).toEqual([0, 0, 0, 0])
      }
    }
  },
)
