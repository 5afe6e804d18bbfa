import { afterEach, describe, expect, it } from 'vitest'
import { plugin } from '../../config/registries'
import { nodeHost } from '../../host/node'
import { measureHeld } from './evaluator'
import { asInt8 } from './int8'
import type { Session } from '../run/session'
import { smallBert, smallMlp, smallVit, testSession, untilTheEnd } from '../testing'

let open: Session[] = []
afterEach(() => {
  for (const session of open) session.dispose()
  open = []
})

async function trained(settings: Readonly<Record<string, unknown>>, backend: 'webgpu' | 'wasm' | 'cpu' = 'webgpu') {
  const { session, events } = await testSession(settings, backend)
  open.push(session)
  await session.run(untilTheEnd)
  return { session, events }
}

const losses = (session: Session) => session.metrics.map((m) => m.loss)

describe('the end of a run', () => {
  it.each([
    ['webgpu', { ...smallVit, method: 'magnitude', 'method.sparsity': 0.8 }],
    ['cpu', { ...smallMlp, method: 'magnitude', 'method.sparsity': 0.8 }],
    ['webgpu', { ...smallBert, method: 'movement', 'method.begin': 0 }],
  ] as const)('on %s tells sizes and int8 quality, and leaves every weight as it was', async (backend, settings) => {
    const { session, events } = await trained(settings, backend)
    const before = await session.executor.weights()
    const { sizes, quantized, evaluations, prunable, parameters, kept } = await session.measuredResult()
    expect(await session.executor.weights()).toEqual(before)
    expect(events.filter((e) => e.type === 'note')).toEqual([])
    expect([sizes!.f32.dense.prunable, sizes!.f32.dense.all]).toEqual([4 * prunable, 4 * parameters])
    expect(sizes!.f32.bitmap.prunable).toBe(Math.ceil(prunable / 8) + 4 * kept)
    expect(sizes!.f32.deflated.prunable).toBeLessThan(sizes!.f32.dense.prunable / 2)
    expect(sizes!.int8.deflated.all).toBeLessThan(sizes!.f32.deflated.all)
    expect(Math.abs(quantized!.loss - evaluations.at(-1)!.loss)).toBeLessThan(0.1)
    expect(quantized!.loss).not.toBe(evaluations.at(-1)!.loss)
  })

  it('measures int8 as if its weights had been trained so', async () => {
    const { session } = await trained({ ...smallMlp, method: 'magnitude' }, 'cpu')
    const { quantized } = await session.measuredResult()
    const { executor } = session
    const weights = asInt8(await executor.weights(), executor.layout)
    await executor.setWeights({ weights, mask: new Uint32Array(await executor.mask()), moments: 'zeroed' })
    const again = await session.measuredResult()
    expect(again.quantized!.loss).toBeCloseTo(quantized!.loss, 6)
  })
})

it.each(['webgpu', 'wasm'] as const)(
  'stripes on %s: the skeleton is folded into what is saved and counted, and the answers stay',
  async (backend) => {
    const { session } = await trained(
      {
        ...smallVit,
        method: 'stripes',
        'method.stripe': 4,
        'method.shrink': 0.7,
        'method.gateRate': 60,
        'method.every': 5,
      },
      backend,
    )
    const { executor, experiment } = session
    const { layout } = executor
    const tensors = await session.tensors()
    const names = layout.tensors.map(({ name }) => name)
    expect(names.filter((name) => !tensors.some((tensor) => tensor.name === name))).toEqual(
      layout.prunable.map(({ name }) => `${name}/skeleton`),
    )
    const { sizes, quantized, evaluations, parameters, prunable, kept, inference } = await session.measuredResult()
    // A factor for four weights.
    expect(parameters).toBe(layout.parameterCount - prunable / 4)
    expect(sizes!.f32.dense.all).toBe(4 * parameters)
    expect(kept).toBeLessThan(0.9 * prunable)
    expect(inference!.compression).toBeCloseTo(parameters / (parameters - prunable + kept), 12)
    // Every matrix of a block is used once a token, and there are two times two patches.
    expect(inference!.denseMultiplyAdds - inference!.prunedMultiplyAdds).toBe(4 * (prunable - kept))
    expect(Math.abs(quantized!.loss - evaluations.at(-1)!.loss)).toBeLessThan(0.05)
    expect(JSON.stringify(inference)).toContain('through factors beside them')
    const folded = new Float32Array(layout.length).fill(1)
    for (const { name, values } of tensors) folded.set(values, layout.tensors.find((t) => t.name === name)!.offset)
    const before = await executor.weights()
    expect(
      layout.prunable.some(({ name, offset, size }) =>
        tensors.find((t) => t.name === name)!.values.some((w, i) => i < size && w !== 0 && w !== before[offset + i]),
      ),
    ).toBe(true)
    const examples = await plugin('data', experiment.data.id).load(experiment.data.values, {
      host: nodeHost({ dataDir: 'no-such-folder' }),
      seed: experiment.seed,
      progress: () => undefined,
      signal: untilTheEnd,
    })
    const quality = await executor.withWeights(folded, () => measureHeld(executor, examples, experiment.training.batch))
    expect(quality.loss).toBeCloseTo(evaluations.at(-1)!.loss, 5)
  },
)

describe('training on int8 weights', () => {
  const cases = [
    ['ViT, magnitude', { ...smallVit, method: 'magnitude', 'training.weightBits': 8 }],
    [
      'BERT, movement, latent weights',
      { ...smallBert, method: 'movement', 'method.begin': 0, 'training.weightBits': 8 },
    ],
    ['MLP, FORCE, scoring', { ...smallMlp, method: 'force', 'method.rounds': 3, 'training.weightBits': 8 }],
  ] as const

  it.each(cases)('%s: both backends lose the same at first, and stay near', async (_name, settings) => {
    const [gpu, wasm] = [losses((await trained(settings)).session), losses((await trained(settings, 'wasm')).session)]
    // The first losses are of the same codes; later a weight near the middle of two codes may take either.
    for (let step = 0; step < 3; step++) expect(Math.abs(gpu[step]! - wasm[step]!)).toBeLessThan(1e-4)
    gpu.forEach((loss, step) => {
      expect(Math.abs(loss - wasm[step]!)).toBeLessThan(0.02)
    })
  })

  it('reads rounded weights, trains them in 32 bits, and evaluates the int8 model', async () => {
    const { session } = await trained({
      ...smallVit,
      method: 'magnitude',
      'method.sparsity': 0.5,
      'training.weightBits': 8,
    })
    const { executor } = session
    const [latent, rounded] = [await executor.weights(), await session.tensors()]
    const name = 'block0/mlp/in/weights'
    const { offset, size } = executor.layout.tensors.find((t) => t.name === name)!
    const tensor = rounded.find((t) => t.name === name)!
    expect([...tensor.values]).not.toEqual([...latent.subarray(offset, offset + size)])
    tensor.mask!.forEach((kept, i) => {
      if (!kept) expect(tensor.values[i]).toBe(0)
    })
    const { quantized, evaluations } = await session.measuredResult()
    expect(quantized!.loss).toBeCloseTo(evaluations.at(-1)!.loss, 5)
  })

  it('is the same run twice, bit for bit, and another one than with 32 bits', async () => {
    const settings = cases[0][1]
    const [once, twice] = [losses((await trained(settings)).session), losses((await trained(settings)).session)]
    expect(twice).toEqual(once)
    expect(losses((await trained({ ...settings, 'training.weightBits': 32 })).session)).not.toEqual(once)
  })
})
