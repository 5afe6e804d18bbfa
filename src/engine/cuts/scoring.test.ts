import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openTensorFile } from '../../cli/trace'
import { layered, presets } from '../../config/presets'
import { plugin } from '../../config/registries'
import { placeTensors, type Layout } from '../../core/layout'
import { pruningOf } from '../../core/pruning'
import type { InputSpec } from '../../core/model'
import { randomBits } from '../../core/random'
import { normOf } from '../../core/statistics'
import type { Batch } from '../../data/batches'
import { motionLength } from '../../data/pixels'
import { bit } from '../../core/bits'
import { dawn } from '../../gpu/testing'
import type { Executor } from '../executor/executor'
import { initialWeights } from '../executor/initial'
import { Pruner } from './pruner'
import { openExecutor } from '../run/runtime'
import { scoreBeforeTraining } from './scoring'
import { arenaBuffer, experimentOf, smallVit } from '../testing'

/** Vectors that PyTorch computed in doubles (golden/grasp.py, golden/synflow.py). */
const golden = (name: string) =>
  openTensorFile(join(import.meta.dirname, '../../methods/golden', `${name}.safetensors`))
const backends = ['webgpu', 'cpu'] as const

let open: Executor | undefined
afterEach(() => {
  open?.dispose()
  open = undefined
})

interface Scored {
  readonly executor: Executor
  readonly layout: Layout
  readonly pruner: Pruner
  readonly mask: Uint32Array
}

/**
 * Scores a model before training and cuts it, as a session does. @param frozen names of matrices that are not to be
 * pruned
 */
async function scored(
  settings: Readonly<Record<string, unknown>>,
  input: InputSpec,
  backend: 'webgpu' | 'wasm' | 'cpu',
  batch: Batch | readonly Batch[],
  weights: (layout: Layout) => Float32Array<ArrayBuffer>,
  frozen: RegExp = /^$/,
): Promise<Scored> {
  const experiment = experimentOf(settings)
  const { model, method } = experiment
  const specs = plugin('model', model.id).tensors(model.values, input)
  const layout = placeTensors(specs.map((spec) => ({ ...spec, prunable: spec.prunable && !frozen.test(spec.name) })))
  const executor = await openExecutor(experiment, input, layout, {
    gpu: dawn(),
    backend,
    allowSoftware: true,
    wasm: '',
  })
  open = executor
  const pruner = new Pruner(pruningOf(plugin('method', method.id), method.values, 10), layout)
  const initial = weights(layout)
  await executor.setWeights({ weights: initial, moments: 'fresh' })
  await scoreBeforeTraining({
    executor,
    plan: pruner.plan,
    weightNorm: normOf(initial.subarray(0, layout.prunableLength)),
    read: (i) => (Array.isArray(batch) ? (batch[i] as Batch) : (batch as Batch)),
    event: (i) => pruner.scoring(i),
    unjudged: false,
    wait: async () => {
      expect((await executor.drain()).haltedAt).toBeNull()
      return true
    },
  })
  return { executor, layout, pruner, mask: await executor.mask() }
}

/** The file's tensors in the layout's places, everything else as a model starts. */
function placed(file: ReturnType<typeof golden>) {
  return (layout: Layout) => {
    const weights = initialWeights(layout, 1)
    for (const { name, offset } of layout.tensors) if (file.tensors.has(name)) weights.set(file.floats(name), offset)
    return weights
  }
}

/** Images of no content: flow does not look at them. */
function blank(count: number, pixels: number, channels: number): Batch {
  return {
    task: 'image',
    pixels: new Uint8Array(count * pixels * channels),
    motions: new Int32Array(count * motionLength),
    labels: new Int32Array(count),
    levels: new Float32Array(channels * 256),
  }
}

function maskOf({ layout, mask }: Scored, name: string): number[] {
  const { offset, size } = layout.tensors.find((t) => t.name === name)!
  return Array.from({ length: size }, (_, i) => (bit(mask, offset + i) ? 1 : 0))
}

describe.each(backends)('GraSP on %s', (backend) => {
  const file = golden('grasp')
  const x = file.floats('x')
  const labels = Int32Array.from(file.bytes('labels'))
  const input: InputSpec = { task: 'image', shape: [1, 1, 6], classes: 4 }
  /**
   * An image is one pixel of six channels; its bytes are its number, and what a byte stands for is the example's
   * feature.
   */
  const batch: Batch = {
    task: 'image',
    labels,
    motions: new Int32Array(16 * motionLength),
    pixels: Uint8Array.from({ length: 96 }, (_, i) => Math.floor(i / 6)),
    levels: Float32Array.from({ length: 6 * 256 }, (_, i) => x[(i % 256) * 6 + Math.floor(i / 256)] ?? 0),
  }
  const settings = {
    model: 'mlp',
    'model.width': 8,
    method: 'grasp',
    'method.batches': 1,
    'method.sparsity': 0.6,
    'training.batch': 16,
    'training.dropout': 0.3,
    'training.labelSmoothing': 0,
  }

  it.each([1, 200])(
    'has the H g of double backward, and its mask, at temperature %i; weights stay as they were',
    async (temperature) => {
      const weights = placed(file)
      const made = await scored({ ...settings, 'method.temperature': temperature }, input, backend, batch, weights)
      const exact = file.floats(`${temperature}/prunable/curvature`)
      const ours = await arenaBuffer(made.executor, 'curvature')
      const most = Math.max(...exact.map(Math.abs))
      exact.forEach((value, i) => {
        expect(Math.abs(ours[i]! - value) / most, `${i}: ${ours[i]!} and ${value}`).toBeLessThan(2e-5)
      })
      expect(maskOf(made, 'hidden/weights')).toEqual([...file.bytes(`${temperature}/prunable/mask`)])
      const kept = weights(made.layout).map((w, i) => (i < made.layout.prunableLength && !bit(made.mask, i) ? 0 : w))
      expect(await made.executor.weights()).toEqual(kept)
    },
  )
})

describe('GraSP on a ViT of preset cifar10-nano', () => {
  const file = golden('graspNano')
  const { seed, batch, batches, every } = Object.fromEntries(
    Object.entries(file.metadata).map(([key, value]) => [key, Number(value)]),
  ) as Record<string, number>
  const size = 32 * 32 * 3
  /** As the golden's script makes them: patches of one colour, with noise on top. */
  const images = Array.from({ length: batches! }, (_, b): Batch => {
    const pixels = Uint8Array.from({ length: batch! * size }, (_, i) => {
      const [image, y, x, channel] = [
        Math.floor(i / size) + b * batch!,
        Math.floor(i / 96) % 32,
        Math.floor(i / 3) % 32,
        i % 3,
      ]
      const patch = ((image * 4 + Math.floor(y / 8)) * 4 + Math.floor(x / 8)) * 3 + channel
      return (randomBits(seed!, 6, patch) & 127) + (randomBits(seed!, 7, i + b * batch! * size) & 127)
    })
    return {
      task: 'image',
      pixels,
      motions: new Int32Array(batch! * motionLength),
      labels: Int32Array.from({ length: batch! }, (_, i) => (i + b * batch!) % 10),
      levels: Float32Array.from({ length: 3 * 256 }, (_, i) => ((i % 256) / 255 - 0.5) / 0.25),
    }
  })
  const settings = {
    ...layered(presets['cifar10-nano']!),
    method: 'grasp',
    'method.batches': batches,
    'method.sparsity': 0.9,
    'training.batch': batch,
  }

  it.each(['webgpu', 'wasm'] as const)('has the mask of double backward, weight by weight, on %s', async (backend) => {
    const made = await scored(settings, { task: 'image', shape: [32, 32, 3], classes: 10 }, backend, images, (layout) =>
      initialWeights(layout, seed!),
    )
    const names = file.metadata.prunable!.split(',')
    const flat = names.flatMap((name) => maskOf(made, name))
    const expected = file.bytes('mask')
    expect(flat.length).toBe(8 * expected.length)
    expect(
      flat.reduce((sum, kept, i) => sum + Math.abs(kept - ((expected[i >>> 3]! >>> (i & 7)) & 1)), 0),
      'weights that differ',
    ).toBe(0)
    const held = await arenaBuffer(made.executor, 'curvature')
    const ours = names.flatMap((name) => {
      const { offset, size: count } = made.layout.tensors.find((tensor) => tensor.name === name)!
      return Array.from(held.subarray(offset, offset + count))
    })
    const [most] = file.floats('largest')
    file.floats('curvature').forEach((value, k) => {
      expect(Math.abs(ours[k * every!]! - value) / most!, `weight ${k * every!}`).toBeLessThan(5e-5)
    })
  })
})

describe.each(backends)('SynFlow on %s', (backend) => {
  const file = golden('synflow')
  const batch = blank(2, 16, 1)
  const input: InputSpec = { task: 'image', shape: [4, 4, 1], classes: 3 }
  const settings = {
    model: 'vitTiny',
    'model.patch': 2,
    'model.width': 8,
    'model.depth': 2,
    'model.heads': 2,
    'model.ratio': 2,
    'training.batch': 2,
    method: 'synflow',
    'method.rounds': 20,
    'method.sparsity': 0.9,
  }
  const isPair = (name: string) => /query|key/.test(name)

  it('gives every weight its share of the flow', async () => {
    // One round of sparsity 0: gradients of the dense network.
    const { executor, layout } = await scored(
      { ...settings, 'method.rounds': 1, 'method.sparsity': 0 },
      input,
      backend,
      batch,
      placed(file),
    )
    const [weights, grads] = [await executor.weights(), await arenaBuffer(executor, 'grads')]
    const score = ({ offset, size }: { offset: number; size: number }) =>
      Array.from({ length: size }, (_, i) => Math.abs(weights[offset + i]! * grads[offset + i]!))
    const total = score(layout.tensors.find((t) => t.name === 'head/weights')!).reduce((a, b) => a + b)
    const flow = file.floats('flow')[0]!
    for (const tensor of layout.prunable.filter(({ name }) => !isPair(name))) {
      const exact = file.floats(`score/${tensor.name}`)
      score(tensor).forEach((s, i) => {
        expect(s / total / (exact[i]! / flow), `${tensor.name} ${i}`).toBeCloseTo(1, 4)
      })
    }
    // Queries and keys of a head have the flow of its values, four columns a head, in the proportions of their own
    // flow.
    for (const block of [0, 1]) {
      const of = (part: string) =>
        score(layout.tensors.find((t) => t.name === `block${block}/attention/${part}/weights`)!)
      for (const head of [0, 1]) {
        const mine = (values: ArrayLike<number>) =>
          Array.from(values).filter((_, i) => Math.floor((i % 8) / 4) === head)
        const sum = (values: readonly number[]) => values.reduce((a, b) => a + b)
        for (const part of ['query', 'key']) {
          const [ours, exact] = [mine(of(part)), mine(file.floats(`score/block${block}/attention/${part}/weights`))]
          expect(sum(ours) / sum(mine(of('value')))).toBeCloseTo(1, 4)
          ours.forEach((s, i) => {
            expect(s / sum(ours) / (exact[i]! / sum(exact)), `${part} ${i}`).toBeCloseTo(1, 4)
          })
        }
      }
    }
  })

  it('makes the masks of 20 rounds, queries and keys left alone', async () => {
    const made = await scored(settings, input, backend, batch, placed(file), /query|key/)
    for (const { name } of made.layout.prunable)
      expect(maskOf(made, name), name).toEqual([...file.bytes(`mask/${name}`)])
  })
})

describe('SynFlow', () => {
  const images = blank(1, 64, 3)
  const vit: InputSpec = { task: 'image', shape: [8, 8, 3], classes: 4 }
  const settings = {
    method: 'synflow',
    'method.sparsity': 0.99,
    'method.rounds': 30,
    'training.batch': 1,
    'model.width': 32,
  }
  const keptOf = (made: Scored, name: string) => maskOf(made, name).reduce((a, b) => a + b)

  it.each([1, 2])('leaves something of every matrix of a ViT at 99 %, seed %i', async (seed) => {
    const made = await scored({ ...smallVit, ...settings }, vit, 'cpu', images, (layout) =>
      initialWeights(layout, seed),
    )
    for (const { name } of made.layout.prunable) expect(keptOf(made, name), name).toBeGreaterThan(0)
  })

  // BERT starts so small that residuals carry most of the flow, and what lies beside them may go.
  it.each([1, 2])('empties an attention of a BERT at 99 % as a whole or not at all, seed %i', async (seed) => {
    const batch: Batch = { task: 'text', ids: new Int32Array(6), labels: new Int32Array(1) }
    const input: InputSpec = { task: 'text', vocabulary: 50, length: 6, classes: 2 }
    const made = await scored({ data: 'phrases', model: 'miniBert', ...settings }, input, 'cpu', batch, (layout) =>
      initialWeights(layout, seed),
    )
    for (const block of [0, 1]) {
      const alive = (parts: readonly string[]) => parts.map((part) => keptOf(made, `block${block}/${part}/weights`) > 0)
      expect(
        new Set(alive(['attention/query', 'attention/key', 'attention/value', 'attention/output'])).size,
        `attention ${block}`,
      ).toBe(1)
      expect(alive(['mlp/in', 'mlp/out']), `mlp ${block}`).toEqual([true, true])
    }
  })

  it('has finite scores where the product of all weights is none', async () => {
    // Each branch of the four multiplies by about (1e6 * 8 * 0.3)^2 = 6e12: 1e51 in all, and float32 ends at 3e38.
    const large = (layout: Layout) => initialWeights(layout, 1).map((w) => 1e6 * w)
    const { executor, layout } = await scored(
      { ...smallVit, ...settings, 'model.width': 8, 'method.rounds': 1 },
      vit,
      'cpu',
      images,
      large,
    )
    const grads = await arenaBuffer(executor, 'grads')
    for (const { name, offset, size } of layout.prunable) {
      const values = grads.subarray(offset, offset + size)
      expect([values.every(Number.isFinite), values.some((g) => g !== 0)], name).toEqual([true, true])
    }
  })
})

describe.each(backends)('the gradient that SNIP scores by, on %s', (backend) => {
  const input: InputSpec = { task: 'image', shape: [8, 8, 3], classes: 4 }
  const batch: Batch = {
    task: 'image',
    motions: new Int32Array(8 * motionLength),
    pixels: Uint8Array.from({ length: 8 * 192 }, (_, i) => (37 * i) % 256),
    labels: Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3),
    levels: Float32Array.from({ length: 3 * 256 }, (_, i) => (i % 256) / 128 - 1),
  }
  const settings = { ...smallVit, method: 'snip', 'method.batches': 1 }
  const initial = (layout: Layout) => initialWeights(layout, 1)

  it.each([
    ['images as they are', {}],
    ['adversarial images', { 'training.attack': 'train', 'training.attackRadius': 16 }],
  ])('knows no dropout: %s', async (_name, attack) => {
    const plain = await scored({ ...settings, ...attack }, input, backend, batch, initial)
    const expected = (await arenaBuffer(plain.executor, 'grads')).slice()
    plain.executor.dispose()
    const dropped = await scored({ ...settings, ...attack, 'training.dropout': 0.5 }, input, backend, batch, initial)
    const found = await arenaBuffer(dropped.executor, 'grads')
    const most = expected.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
    expect(most).toBeGreaterThan(1e-3)
    found.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!), `${i}`).toBeLessThan(1e-6 * most)
    })
    expect(dropped.mask).toEqual(plain.mask)
  })

  if (backend === 'webgpu')
    it('is that of training, and no pass of its own, where nothing is dropped', async () => {
      const { executor } = await scored(settings, input, backend, batch, initial)
      const { parts } = executor as unknown as { parts: { model: { probe: unknown; backward: unknown } } }
      expect(parts.model.probe).toBe(parts.model.backward)
    })
})
