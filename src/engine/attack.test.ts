import { beforeAll, describe, expect, it } from 'vitest'
import { defaultExperiment } from '../config/defaults'
import { placeTensors } from '../core/layout'
import type { Model } from '../core/model'
import type { ImageBatch } from '../data/pixels'
import { heldBatches, makeBatch } from '../data/batches'
import { plugin } from '../config/registries'
import { nodeHost } from '../host/node'
import { startPortableBackend } from '../tf/portable'
import { buildGraph } from '../tf/graph'
import { createOps } from '../tf/ops'
import { tf } from '../tf/tfjs'
import { attackOf, startUniform } from './executor/attack'
import { attackImages } from './twin/cpuAttack'
import { score } from './measures/quality'
import { experimentOf, smallMlp, smallVit, testSession, untilTheEnd } from './testing'

/**
 * logits = x W: by hand, the gradient of the loss of label 0 by x_i is (p_0 - 1) w_i0 + p_1 w_i1 = p_1 (w_i1 - w_i0).
 */
const linear: Model = {
  label: 'Linear',
  cite: 'by hand',
  task: 'image',
  knobs: {},
  sizes: {},
  tensors: () => [
    { name: 'weights', shape: [4, 2], init: { kind: 'constant', value: 0 }, prunable: true, decay: true },
  ],
  forward: (nn, params, input) => nn.pixels(input).matMul(params.weights!),
}

describe('an attack on a linear model', () => {
  beforeAll(() => startPortableBackend('cpu', ''))

  it('moves every pixel as worked out by hand', () => {
    const layout = placeTensors(linear.tensors({}, { task: 'image', shape: [2, 2, 1], classes: 2 }))
    // w_1 - w_0 of the four pixels: 2, -3, 0, 1.
    const weights = tf.tensor2d([
      [0, 2],
      [3, 0],
      [5, 5],
      [-1, 0],
    ])
    const random = tf.tensor1d([1, 0], 'int32')
    const ops = createOps(null, { dropoutRate: 0, random, training: false })
    const graph = buildGraph([weights], {
      model: linear,
      values: {},
      spec: { task: 'image', shape: [2, 2, 1], classes: 2 },
      layout,
      smoothing: 0,
      training: ops,
      evaluation: ops,
    })
    const batch: ImageBatch = {
      task: 'image',
      labels: Int32Array.of(0, 1),
      motions: new Int32Array(6),
      pixels: Uint8Array.of(100, 100, 100, 255, 100, 2, 100, 100),
      // The number of byte v is v / 255: mean 0, deviation 1.
      levels: Float32Array.from({ length: 256 }, (_, v) => v / 255),
    }
    const experiment = {
      ...defaultExperiment,
      training: { ...defaultExperiment.training, batch: 2, attack: 'train' as const, attackRadius: 8, attackSteps: 1 },
    }
    const attack = attackOf({ experiment, input: { task: 'image', shape: [2, 2, 1], classes: 2 } })!
    const bytes = (steps: number, stride: number) =>
      Array.from(
        attackImages(
          graph,
          { ...attack, steps, settings: { ...attack.settings, stride: stride / 255 } },
          batch,
          1,
          0,
        ).dataSync(),
        (x) => Number((255 * x).toFixed(3)),
      )
    // Label 0 goes up where w_1 - w_0 > 0, label 1 down; a pixel without a say stays; 255 is the brightest and 0 the
    // darkest.
    expect(bytes(1, 8)).toEqual([108, 92, 100, 255, 92, 10, 100, 92])
    // Three steps of 3 end at the radius; two of 1 do not.
    expect(bytes(3, 3)).toEqual([108, 92, 100, 255, 92, 10, 100, 92])
    expect(bytes(2, 1)).toEqual([102, 98, 100, 255, 98, 4, 100, 98])
  })
})

const attacks = { 'training.attack': 'train', 'training.attackSteps': 3, 'training.attackStride': 0.5 }

async function heldLogits(settings: Readonly<Record<string, unknown>>, backend: 'webgpu' | 'wasm', steps = 12) {
  const { session } = await testSession({ ...settings, 'training.steps': steps }, backend)
  await session.run(untilTheEnd)
  const { data, seed, training } = session.experiment
  const examples = await plugin('data', data.id).load(data.values, {
    host: nodeHost({ dataDir: 'no-such-folder' }),
    seed,
    progress: () => undefined,
    signal: untilTheEnd,
  })
  function* batches() {
    const batch = makeBatch(examples, training.batch)
    const held = heldBatches(examples, training.batch)
    for (let i = 0; i < held.batches; i++) {
      held.readHeld(i, batch)
      yield batch
    }
  }
  const [clean, attacked] = [
    await session.executor.evaluate(batches()),
    await session.executor.evaluate(batches(), true),
  ]
  const measure = (logits: Float32Array) => score(logits, examples.held.labels, examples.input.classes)
  const found = {
    clean,
    attacked,
    of: { clean: measure(clean), attacked: measure(attacked) },
    evaluations: [...session.evaluations],
    losses: session.metrics.map((m) => m.loss),
  }
  session.dispose()
  return found
}

describe.each([
  ['ViT', smallVit],
  ['MLP', smallMlp],
])('attacks on a %s', (_name, small) => {
  it('raise the loss, and come out alike on WebGPU and wasm', async () => {
    const gpu = await heldLogits({ ...small, ...attacks, 'training.attackStart': true }, 'webgpu')
    const wasm = await heldLogits({ ...small, ...attacks, 'training.attackStart': true }, 'wasm')
    expect(gpu.of.attacked.loss).toBeGreaterThan(gpu.of.clean.loss + 1e-3)
    expect(gpu.evaluations.at(-1)!.robust).toBe(gpu.of.attacked.accuracy)
    expect(gpu.evaluations.at(-1)!.accuracy).toBe(gpu.of.clean.accuracy)
    gpu.losses.forEach((loss, i) => {
      expect(Math.abs(loss - wasm.losses[i]!), `step ${i}`).toBeLessThan(1e-4)
    })
    expect(Math.abs(gpu.of.attacked.loss - wasm.of.attacked.loss)).toBeLessThan(1e-4)
  })
})

it('of the same run give the same bits', async () => {
  const [first, second] = [
    await heldLogits({ ...smallVit, ...attacks }, 'webgpu', 4),
    await heldLogits({ ...smallVit, ...attacks }, 'webgpu', 4),
  ]
  expect(second.losses).toEqual(first.losses)
  expect(second.attacked).toEqual(first.attacked)
})

it('that are only measured leave training as it is, bit for bit', async () => {
  const plain = await heldLogits(smallVit, 'webgpu', 4)
  const measured = await heldLogits({ ...smallVit, 'training.attack': 'measure' }, 'webgpu', 4)
  expect(measured.losses).toEqual(plain.losses)
  expect(measured.clean).toEqual(plain.clean)
  expect(plain.evaluations.at(-1)).not.toHaveProperty('robust')
  expect(plain.attacked).toEqual(plain.clean)
})

it('of radius 0 are training as it is, bit for bit', async () => {
  const plain = await heldLogits(smallVit, 'webgpu', 4)
  const nowhere = await heldLogits(
    { ...smallVit, ...attacks, 'training.attackRadius': 0, 'training.attackStart': true },
    'webgpu',
    4,
  )
  expect(nowhere.losses).toEqual(plain.losses)
  expect(nowhere.attacked).toEqual(plain.clean)
})

it('need pixels', () => {
  expect(
    attackOf({
      experiment: experimentOf({ 'training.attack': 'train' }),
      input: { task: 'text', vocabulary: 9, length: 3, classes: 2 },
    }),
  ).toBeNull()
  expect(attackOf({ experiment: experimentOf({}), input: { task: 'image', shape: [2, 2, 3], classes: 2 } })).toBeNull()
})

it('start at a place that depends on seed, step and pixel alone', () => {
  expect(startUniform(1, 2)(3)).toBe(startUniform(1, 2)(3))
  expect(
    new Set([startUniform(1, 2)(3), startUniform(2, 2)(3), startUniform(1, 3)(3), startUniform(1, 2)(4)]).size,
  ).toBe(4)
})
