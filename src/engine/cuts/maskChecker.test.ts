import { afterEach, describe, expect, it } from 'vitest'
import { bit } from '../../core/bits'
import type { Layout, Placed } from '../../core/layout'
import type { Session } from '../run/session'
import { smallBert, smallMlp, smallVit, testSession } from '../testing'
import { shuffledSurvivors } from './tickets'

let open: Session[] = []
afterEach(() => {
  for (const session of open) session.dispose()
  open = []
})

type Settings = Readonly<Record<string, unknown>>

const snip = { method: 'snip', 'method.batches': 2 }

/** Mask and weights as training finds them, give or take one step. */
async function begun(settings: Settings, backend: 'webgpu' | 'wasm' = 'webgpu') {
  const { session, events } = await testSession(settings, backend)
  open.push(session)
  await session.advance(1)
  await session.settle()
  const { layout } = session.executor
  return {
    layout,
    mask: (await session.executor.mask()).slice(),
    weights: (await session.executor.weights()).slice(),
    cuts: (await session.result()).cuts,
    events,
  }
}

type Begun = Awaited<ReturnType<typeof begun>>

const counts = ({ layout, mask }: Begun) =>
  layout.prunable.map(({ offset, size }) => places(mask, { offset, size }).length)

function places(mask: Uint32Array, { offset, size }: Pick<Placed, 'offset' | 'size'>): number[] {
  return Array.from({ length: size }, (_, i) => offset + i).filter((i) => bit(mask, i))
}

const values = ({ weights }: Begun, at: readonly number[]) => at.map((i) => weights[i]!)
const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)

function expectZeroWherePruned({ layout, mask, weights }: Begun): void {
  for (const { offset, size } of layout.prunable) {
    for (let i = offset; i < offset + size; i++) if (!bit(mask, i)) expect(weights[i]).toBe(0)
  }
}

/** So slow that a step moves weights by 1e-6 at most. */
const still = { 'training.rate': 1e-6 }

describe.each(['webgpu', 'wasm'] as const)('checks of a mask on %s', (backend) => {
  const vit = { ...smallVit, ...snip, ...still }

  it('rearrange: the counts of layers stay, places do not; kept weights have their own initial values', async () => {
    const [usual, checked, dense] = [
      await begun(vit, backend),
      await begun({ ...vit, 'method.check': 'rearrange' }, backend),
      await begun({ ...vit, 'method.sparsity': 0 }, backend),
    ]
    expect(counts(checked)).toEqual(counts(usual))
    expect(checked.mask).not.toEqual(usual.mask)
    expectZeroWherePruned(checked)
    for (const tensor of checked.layout.prunable) {
      const at = places(checked.mask, tensor)
      values(checked, at).forEach((value, i) => {
        expect(value).toBeCloseTo(values(dense, at)[i]!, 5)
      })
    }
  })

  it('shuffle: the mask stays, the surviving values of each layer are a permutation', async () => {
    const [usual, checked] = [await begun(vit, backend), await begun({ ...vit, 'method.check': 'shuffle' }, backend)]
    expect(checked.mask).toEqual(usual.mask)
    expectZeroWherePruned(checked)
    let moved = 0
    for (const tensor of checked.layout.prunable) {
      const at = places(checked.mask, tensor)
      const [before, after] = [values(usual, at), values(checked, at)]
      sorted(after).forEach((value, i) => {
        expect(value).toBeCloseTo(sorted(before)[i]!, 5)
      })
      moved += after.filter((value, i) => Math.abs(value - before[i]!) > 1e-3).length
    }
    expect(moved).toBeGreaterThan(100)
  })

  it('reinitialise: the mask stays, the weights are others', async () => {
    const [usual, checked] = [
      await begun(vit, backend),
      await begun({ ...vit, 'method.check': 'reinitialise' }, backend),
    ]
    expect(checked.mask).toEqual(usual.mask)
    expectZeroWherePruned(checked)
    const at = places(checked.mask, checked.layout.prunable[0]!)
    expect(values(checked, at).every((value, i) => Math.abs(value - values(usual, at)[i]!) > 1e-5)).toBe(true)
  })

  it.each(['labels', 'inputs', 'half'])('%s changes the mask of SNIP, not that of SynFlow or random', async (check) => {
    const masks = async (settings: Settings) => {
      const [usual, checked] = [
        await begun({ ...smallMlp, ...settings }, backend),
        await begun({ ...smallMlp, ...settings, 'method.check': check }, backend),
      ]
      return {
        same: usual.mask.every((word, i) => word === checked.mask[i]),
        notes: checked.events.filter((e) => e.type === 'note'),
      }
    }
    expect(await masks(snip)).toEqual({ same: false, notes: [] })
    for (const settings of [{ method: 'synflow', 'method.rounds': 3 }, { method: 'random' }]) {
      const { same, notes } = await masks(settings)
      expect([settings.method, same]).toEqual([settings.method, true])
      expect(notes).toMatchObject([{ text: expect.stringMatching(/without reading data/) as string }])
    }
  })
})

it('words are shuffled for scoring only: training sees the same batch', async () => {
  const first = async (settings: Settings) => {
    const { session } = await testSession({ ...smallBert, ...snip, 'method.sparsity': 0, ...settings })
    open.push(session)
    await session.advance(1)
    await session.settle()
    return session.metrics[0]!.loss
  }
  // Sparsity 0 keeps every weight, whatever scoring read, so the first loss tells what training reads.
  expect(await first({ 'method.check': 'inputs' })).toBe(await first({}))
})

it('the watched cut before training has the check after it', async () => {
  const [usual, checked] = [
    await begun({ ...smallVit, ...snip }),
    await begun({ ...smallVit, ...snip, 'method.check': 'reinitialise' }),
  ]
  expect(checked.cuts?.[0]?.before).toEqual(usual.cuts?.[0]?.before)
  expect(checked.cuts?.[0]?.after).not.toEqual(usual.cuts?.[0]?.after)
})

it('survivors: a layer of three kept weights of six, worked out by hand', () => {
  const layout = { prunable: [{ offset: 0, size: 6 }] } as unknown as Layout
  // Kept: 0, 2, 5. Whatever order the seed draws, the set stays the same; pruned weights and later tensors are
  // untouched.
  const weights = Float32Array.of(1, 10, 2, 20, 30, 3, 40)
  const seen = new Set(
    Array.from({ length: 40 }, (_, seed) => {
      const out = shuffledSurvivors(weights, Uint32Array.of(0b100101), layout, seed)
      expect([out[1], out[3], out[4], out[6]]).toEqual([10, 20, 30, 40])
      return [out[0], out[2], out[5]].join()
    }),
  )
  expect([...seen].sort()).toEqual(['1,2,3', '1,3,2', '2,1,3', '2,3,1', '3,1,2', '3,2,1'])
})
