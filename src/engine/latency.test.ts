import { describe, expect, it } from 'vitest'
import { tf } from '../tf/tfjs'
import { smallBert, smallVit, testSession, untilTheEnd, type TestSession } from './testing'

const pruned = { 'method': 'magnitude', 'method.sparsity': 0.9, 'training.steps': 4 }

async function finished(settings: Readonly<Record<string, unknown>>, backend: 'webgpu' | 'cpu'): Promise<TestSession> {
  const test = await testSession({ ...settings, ...pruned }, backend)
  await test.session.run(untilTheEnd)
  return test
}

describe('inference of a pruned model', () => {
  it('counts what a ViT multiplies and times it at two batch sizes', async () => {
    const { session, events } = await finished(smallVit, 'webgpu')
    const [tensorsBefore, bytesBefore] = [tf.memory().numTensors, session.executor.bytes]
    const { inference, layers, parameters } = await session.measuredResult()
    expect(events.filter((e) => e.type === 'note'), 'no note of a failure').toEqual([])
    if (!inference) return
    // 8 x 8 images in patches of 4: 4 tokens of width 8, 2 blocks, MLP 16.
    // A block: 4 tokens (4 * 64 + 2 * 128) + attention 2 * 16 * 8 = 2304; two of them 4608.
    // Patches 4 * 48 * 8 = 1536; head 8 * classes.
    const head = 8 * (session.opened.classes.length)
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
    expect([tf.memory().numTensors, session.executor.bytes], 'nothing is left behind').toEqual([tensorsBefore, bytesBefore])
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
    const { session } = await finished(smallBert, 'cpu')
    const { inference } = await session.measuredResult()
    expect(inference?.latency.every((l) => l.prunedMs === null && l.denseMs > 0)).toBe(true)
    expect(inference?.latency[0]?.batch).toBe(1)
    expect(inference?.verdict).toMatch(/^This backend has no sparse kernels/)
    session.dispose()
  })
})
