import { afterEach, describe, expect, it } from 'vitest'
import { bit } from '../core/bits'
import type { ClassCounts } from '../core/trainer'
import type { Session } from './run/session'
import { smallMlp, smallVit, testSession, untilTheEnd } from './testing'

let open: Session | undefined
afterEach(() => {
  open?.dispose()
  open = undefined
})

async function opened(settings: Readonly<Record<string, unknown>>, backend: 'webgpu' | 'wasm'): Promise<Session> {
  open?.dispose()
  open = (await testSession(settings, backend)).session
  return open
}

const look = (session: Session) => session.executor.classify(session.pruner.budget)
const budgetOf = (session: Session) => session.pruner.budget.reduce((sum, { kept }) => sum + kept, 0)
const sizes = ({ ordinary, temporary, sentinel }: ClassCounts) =>
  [ordinary, temporary, sentinel].map(({ kept, cut }) => kept + cut)

/** Indices of all weights, in the order of the layout. */
const everyIndex = ({ executor: { layout } }: Session) =>
  Uint32Array.from(layout.prunable.flatMap((t) => Array.from({ length: t.size }, (_, i) => t.offset + i)))

describe.each(['webgpu', 'wasm'] as const)('classes on %s', (backend) => {
  it('nobody is a sentinel before the first gradient; a second run sees what the first one did', async () => {
    const session = await opened({ ...smallVit, method: 'magnitude' }, backend)
    const none = { kept: 0, cut: 0 }
    expect(await look(session)).toEqual({
      ordinary: { kept: session.opened.prunable, cut: 0 },
      temporary: none,
      sentinel: none,
    })
    await session.advance(2)
    await session.settle()
    const seen = await look(session)
    expect(seen.sentinel.kept).toBe(budgetOf(session))
    session.reset()
    await session.advance(2)
    await session.settle()
    expect(await look(session)).toEqual(seen)
  })

  it(
    'are the top by importance, and of the rest the top by peak, over kept weights and cut ones; '
      + 'ties go to the lowest index',
    async () => {
      const session = await opened({ ...smallVit, method: 'sevenDyn', 'method.scope': 'layer' }, backend)
      const { classes } = await session.run(untilTheEnd)
      const { executor, pruner } = session
      const samples = await executor.sample(everyIndex(session))
      const mask = await executor.mask()
      const places = [...everyIndex(session)]
      const seen = { ordinary: [0, 0], temporary: [0, 0], sentinel: [0, 0] }
      for (const {
        tensors: [tensor],
        kept,
      } of pruner.budget) {
        const inside = places.flatMap((at, k) =>
          at >= tensor!.offset && at < tensor!.offset + tensor!.size ? [{ at, ...samples[k]! }] : [],
        )
        const top = (by: 'importance' | 'peak') =>
          new Set(
            [...inside]
              .sort((a, b) => b[by] - a[by] || a.at - b.at)
              .slice(0, kept)
              .filter((s) => s[by] > 0)
              .map(({ at }) => at),
          )
        const [steady, peaked] = [top('importance'), top('peak')]
        for (const { at, class: name, cut } of inside) {
          expect(name).toBe(steady.has(at) ? 'sentinel' : peaked.has(at) ? 'temporary' : 'ordinary')
          expect(cut).toBe(!bit(mask, at))
          seen[name][Number(cut)]!++
        }
      }
      const asPairs = Object.fromEntries(Object.entries(classes!).map(([name, { kept, cut }]) => [name, [kept, cut]]))
      expect(asPairs).toEqual(seen)
      expect(samples.some(({ cut, importance }) => cut && importance > 0)).toBe(true)
    },
  )

  it('a cut before training is judged on what it scored, and by nothing that comes', async () => {
    for (const method of ['snip', 'random']) {
      const session = await opened({ ...smallVit, method }, backend)
      await session.advance(1)
      await session.settle()
      const early = await look(session)
      expect(sizes(early).every((size) => size > 0)).toBe(true)
      expect((await session.run(untilTheEnd)).classes).toEqual(early)
    }
  })

  it(
    'between cuts, weights that are kept go on and those that were cut keep what they had; '
      + 'after the last cut, nothing changes',
    async () => {
      // Cuts after steps 5, 10 and 15 of 20.
      const session = await opened(
        { ...smallVit, method: 'magnitude', 'method.begin': 0.25, 'method.end': 0.8, 'method.every': 5 },
        backend,
      )
      const at = async (step: number) => {
        while (session.step < step) await session.advance(1)
        await session.settle()
        return session.executor.sample(everyIndex(session))
      }
      const [early, later, last, end] = [await at(7), await at(9), await at(16), await at(20)]
      const moved = later.map(({ importance }, i) => importance !== early[i]!.importance)
      expect(later.some(({ cut }, i) => cut && moved[i])).toBe(false)
      // Some have no gradient at all.
      expect(later.filter(({ cut }, i) => !cut && moved[i]).length).toBeGreaterThan(
        0.5 * later.filter(({ cut }) => !cut).length,
      )
      const told = (samples: typeof end) => samples.map(({ importance, peak }) => [importance, peak])
      expect(told(end)).toEqual(told(last))
    },
  )
})

describe.each(['webgpu', 'wasm'] as const)('on %s, nothing of the run changes', (backend) => {
  /** Weights, mask and losses after a run. It is looked at after every step, or its first cut is not judged. */
  async function outcome(settings: Readonly<Record<string, unknown>>, { looks = false, judged = true } = {}) {
    const session = await opened(settings, backend)
    if (!judged) session.executor.judge = () => undefined
    while (!session.finished) {
      await session.advance(1)
      if (looks) await look(session)
    }
    await session.settle()
    const [weights, mask] = await Promise.all([session.executor.weights(), session.executor.mask()])
    return { weights, mask, losses: session.metrics.map(({ loss }) => loss) }
  }

  it('by looking', async () => {
    const settings = { ...smallMlp, method: 'sevenDyn' }
    expect(await outcome(settings, { looks: true })).toEqual(await outcome(settings))
  })

  it.each([
    ['random', { 'training.dropout': 0.2 }],
    ['rigl', { 'method.every': 3 }],
    ['synflow', { 'method.rounds': 3, 'training.dropout': 0.2 }],
    ['edgePopup', {}],
    ['snip', { 'method.check': 'labels', 'training.dropout': 0.2 }],
  ])('by the batches on which the first mask of %s is judged', async (method, more) => {
    const settings = { ...smallMlp, method, ...more }
    const { weights, mask, losses } = await outcome(settings)
    expect({ weights, mask, losses }).toEqual(await outcome(settings, { judged: false }))
  })
})
