import { afterEach, describe, expect, it } from 'vitest'
import type { Session } from './run/session'
import { smallBert, smallVit, testSession } from './testing'

let open: Session | undefined
afterEach(() => {
  open?.dispose()
})

/** How far each tensor's weights moved in the first step, at most. The gradient is not clipped. */
async function firstMoves(settings: Readonly<Record<string, unknown>>, backend: 'webgpu' | 'wasm' | 'cpu') {
  const plain = { method: 'dense', 'training.clip': 0, 'training.warmup': 0 }
  const { session } = await testSession({ ...settings, ...plain }, backend)
  open = session
  const { executor } = session
  const before = Float32Array.from(await executor.weights())
  await session.advance(1)
  await session.settle()
  const after = await executor.weights()
  open.dispose()
  return Object.fromEntries(
    executor.layout.tensors.map(({ name, offset, size }) => [
      name,
      Math.max(...Array.from({ length: size }, (_, i) => Math.abs(after[offset + i]! - before[offset + i]!))),
    ]),
  )
}

describe.each(['webgpu', 'wasm', 'cpu'] as const)('on %s', (backend) => {
  it('layers move at rates of their own', async () => {
    // AdamW's first step is rate * g / (|g| + 1e-8), so a tensor's largest move is its rate: 0.003 times its share.
    const moves = await firstMoves(
      { ...smallVit, 'training.layerDecay': 0.5, 'training.headRate': 4, 'training.weightDecay': 0 },
      backend,
    )
    const share = (name: string) => (moves[name] ?? NaN) / 0.003
    expect(share('head/bias')).toBeCloseTo(4, 2)
    expect(share('norm/shift')).toBeCloseTo(1, 2)
    expect(share('block1/attention/query/weights')).toBeCloseTo(0.5, 2)
    expect(share('block0/mlp/out/weights')).toBeCloseTo(0.25, 2)
    expect(share('embed/weights')).toBeCloseTo(0.125, 2)
  })

  it.each([
    ['ViT', { ...smallVit, 'model.pool': 'class' }, ['embed/weights', 'embed/bias', 'token', 'positions']],
    ['BERT', smallBert, ['embed/tokens', 'embed/positions', 'embed/segments', 'embed/norm/scale', 'embed/norm/shift']],
  ])('frozen embeddings of a %s stay as they are, and the rest learns', async (_, settings, embeddings) => {
    // They would decay at once.
    const frozen = { 'training.frozenEmbeddings': true, 'training.weightDecay': 0.5 }
    const moves = await firstMoves({ ...settings, ...frozen }, backend)
    const still = Object.keys(moves).filter((name) => moves[name] === 0)
    expect(still.sort()).toEqual([...embeddings].sort())
  })
})
