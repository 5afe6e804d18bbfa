import { describe, expect, it } from 'vitest'
import { tf } from '../../tf/tfjs'
import { smallBert, smallVit, testSession, untilTheEnd } from '../testing'

const pruned = { method: 'magnitude', 'method.sparsity': 0.9, 'training.steps': 4 }

describe('inference of a pruned model', () => {
  it('counts what a ViT multiplies and times it at two batch sizes', async () => {
    const { session, events } = await testSession({ ...smallVit, ...pruned })
    await session.run(untilTheEnd)
    const [tensorsBefore, bytesBefore] = [tf.memory().numTensors, session.executor.bytes]
    const { inference, layers, parameters } = await session.measuredResult()
    expect(
      events.filter((e) => e.type === 'note'),
      'no note of a failure',
    ).toEqual([])
    if (!inference) return
    // 8 x 8 images in patches of 4: 4 tokens of width 8, 2 blocks, MLP 16.
    // A block: 4 tokens (4 * 64 + 2 * 128) + attention 2 * 16 * 8 = 2304; two of them 4608.
    // Patches 4 * 48 * 8 = 1536; head 8 * classes.
    const head = 8 * session.opened.classes.length
    expect(inference.denseMultiplyAdds).toBe(4608 + 1536 + head)
    const gone = layers.reduce((sum, l) => sum + l.size - l.kept, 0)
    expect(inference.prunedMultiplyAdds).toBe(inference.denseMultiplyAdds - 4 * gone)
    expect(inference.compression).toBeCloseTo(parameters / (parameters - gone), 12)
    expect(inference.latency.map((l) => l.batch)).toEqual([1, 8])
    for (const { denseMs, prunedMs, sparseLayers, prunableLayers } of inference.latency) {
      expect(denseMs).toBeGreaterThan(0)
      expect(prunedMs).toBeGreaterThan(0)
      expect(prunableLayers).toBe(12)
      expect(sparseLayers).toBeLessThanOrEqual(12)
    }
    expect(inference.verdict).toMatch(/^90/)
    expect([tf.memory().numTensors, session.executor.bytes], 'nothing is left behind').toEqual([
      tensorsBefore,
      bytesBefore,
    ])
    session.dispose()
  })

  it('does not disturb the run: steps after it are those of a run that was never measured', async () => {
    const losses = async (measure: boolean) => {
      const { session } = await testSession({ ...smallBert, ...pruned, 'training.steps': 8 })
      await session.advance(5)
      if (measure) await session.measuredResult()
      await session.run(untilTheEnd)
      const all = session.metrics.map((m) => m.loss)
      session.dispose()
      return all
    }
    expect(await losses(true)).toEqual(await losses(false))
  })

  it('is dense only without WebGPU, and says so', async () => {
    const { session } = await testSession({ ...smallBert, ...pruned, 'method.sparsity': 0.3 }, 'cpu')
    await session.run(untilTheEnd)
    const { inference } = await session.measuredResult()
    expect(inference?.latency.every((l) => l.prunedMs === null && l.denseMs > 0)).toBe(true)
    expect(inference?.latency[0]?.batch).toBe(1)
    expect(inference?.verdict).toMatch(/^This backend has no sparse kernels/)
    session.dispose()
  })
})

const heads = {
  method: 'structured',
  'method.unit': 'head',
  'method.sparsity': 0.5,
  'model.width': 16,
  'model.heads': 8,
  'training.steps': 8,
}
const neurons = { method: 'structured', 'method.unit': 'neuron', 'method.sparsity': 0.7, 'training.steps': 8 }

describe.each(['webgpu', 'wasm'] as const)('the compact model on %s', (backend) => {
  it.each([
    ['ViT without heads', { ...smallVit, ...heads }, 'head'],
    ['ViT with a class token, without neurons', { ...smallVit, ...neurons, 'model.pool': 'class' }, 'neuron'],
    ['BERT without heads', { ...smallBert, ...heads, 'model.depth': 2 }, 'head'],
    ['BERT without neurons', { ...smallBert, ...neurons }, 'neuron'],
    [
      'ViT that keeps the values of what it prunes',
      { ...smallVit, method: 'movement', 'method.sparsity': 0.98, 'training.steps': 8 },
      'neuron',
    ],
  ] as const)('%s: the same logits to 1e-5', async (_name, settings, kind) => {
    const { session, events } = await testSession(settings, backend)
    await session.run(untilTheEnd)
    const { inference, parameters } = await session.measuredResult()
    expect(
      events.filter((e) => e.type === 'note'),
      'no note of a failure',
    ).toEqual([])
    const { compact, latency = [] } = inference ?? {}
    const { kept = 0, count = 0 } = compact?.units.find((units) => units.kind === kind) ?? {}
    expect(kept).toBeGreaterThan(0)
    expect(kept).toBeLessThan(count)
    expect(compact?.parameters).toBeLessThan(parameters)
    expect(compact?.difference).toBeLessThan(1e-5)
    expect(latency.every(({ compactMs }) => (compactMs ?? 0) > 0)).toBe(true)
    session.dispose()
  })
})

it('the compact model of a ViT has the parameters and multiply-adds of its counts', async () => {
  const { session } = await testSession({ ...smallVit, ...heads })
  await session.run(untilTheEnd)
  const { inference, parameters } = await session.measuredResult()
  const { compact, denseMultiplyAdds = 0 } = inference ?? {}
  // Width 16 in 8 heads of 2; 8 of 16 heads are gone. Each has 3 (16 * 2 + 2) weights and biases in, 2 * 16 weights
  // out: 134; and multiplies for each of 4 tokens 4 * 16 * 2 weights, and 2 * 4^2 * 2 in attention: 576.
  expect(compact?.units).toEqual([
    { kind: 'head', kept: 8, count: 16 },
    { kind: 'neuron', kept: 64, count: 64 },
  ])
  expect(parameters - (compact?.parameters ?? 0)).toBe(8 * 134)
  expect(denseMultiplyAdds - (compact?.multiplyAdds ?? 0)).toBe(8 * 576)
  expect(inference?.prunedMultiplyAdds).toBe(compact?.multiplyAdds)
  session.dispose()
})

it('nothing is taken out where only columns are cut: they still put out their biases', async () => {
  const { session } = await testSession({
    ...smallVit,
    method: 'structured',
    'method.unit': 'column',
    'method.sparsity': 0.5,
    'training.steps': 4,
  })
  await session.run(untilTheEnd)
  const { inference } = await session.measuredResult()
  expect(inference?.compact).toBeUndefined()
  expect(inference?.latency.every(({ compactMs }) => compactMs === null)).toBe(true)
  expect(inference?.rebuilt).toMatch(/^No head and no neuron is cut whole/)
  session.dispose()
})
