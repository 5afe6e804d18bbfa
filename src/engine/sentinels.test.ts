import { describe, expect, it } from 'vitest'
import { methods } from '../config/registries'
import { quick } from '../config/testing'
import { cutShare } from '../core/sentinels'
import { weightClasses, type ClassCounts, type RunResult } from '../core/trainer'
import { smallMlp, smallVit, testSession, untilTheEnd } from './testing'

/** A run by the kernels' twins: classes.test.ts holds that kernels tell the same classes. */
async function resultOf(settings: Readonly<Record<string, unknown>>): Promise<RunResult> {
  const { session } = await testSession({ 'training.watchedCuts': 0, ...settings }, 'wasm')
  const result = await session.run(untilTheEnd)
  session.dispose()
  return result
}

/** Shares of the sentinels and of the temporary ones that a run on 3,072 weights cuts. */
async function cutOf(settings: Readonly<Record<string, unknown>>): Promise<{ sentinel: number; temporary: number }> {
  const { classes } = await resultOf({ ...smallMlp, 'model.width': 16, 'training.steps': 60, ...settings })
  if (!classes) throw new Error('The run counted no classes.')
  const share = (name: keyof ClassCounts) => cutShare(classes[name]) ?? NaN
  return { sentinel: share('sentinel'), temporary: share('temporary') }
}

describe('at the end of a run', () => {
  it.each(Object.keys(methods))('%s leaves no class empty, and counts every weight once', async (method) => {
    const settings = { ...smallVit, 'model.depth': 1, 'training.steps': 10, ...quick(method) }
    const { classes, kept, prunable } = await resultOf(settings)
    const counts = weightClasses.map((name) => classes![name])
    expect(counts.every(({ kept: left, cut }) => left + cut > 0)).toBe(true)
    expect(counts.reduce((sum, count) => sum + count.kept + count.cut, 0)).toBe(prunable)
    expect(counts.reduce((sum, count) => sum + count.kept, 0)).toBe(kept)
  })

  it.each([
    ['before training', 0.5, { method: 'random' }],
    ['before training', 0.8, { method: 'random' }],
    ['in training', 0.8, { method: 'combination', 'method.criterion': 'random', 'method.schedule': 'once' }],
  ])('a random mask %s of sparsity %f cuts as much of the sentinels', async (_, sparsity, settings) => {
    // Of the 614 or more sentinels a share of s, +- 4 standard deviations of 0.02 or less.
    const { sentinel } = await cutOf({ ...settings, 'method.sparsity': sparsity })
    expect(Math.abs(sentinel - sparsity)).toBeLessThan(0.08)
  })

  it('SEVENdyn cuts fewer sentinels and more temporary ones than magnitude and SNIP do', async () => {
    const seven = await cutOf({ method: 'sevenDyn' })
    const ranking = [
      { method: 'magnitude', 'method.schedule': 'once' },
      { method: 'magnitude' },
      { method: 'snip' },
      { method: 'combination', 'method.criterion': 'sensitivity', 'method.schedule': 'once' },
    ]
    // SEVENdyn cuts 6 % and 86 % here, the others 33 to 49 % and 48 to 73 %: the bounds are well within, so that they
    // say which is which and no more.
    for (const settings of ranking) {
      const other = await cutOf(settings)
      expect(other.sentinel).toBeGreaterThan(seven.sentinel + 0.1)
      expect(other.temporary).toBeLessThan(seven.temporary - 0.05)
    }
  })
})
