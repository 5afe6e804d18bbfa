import { describe, expect, it } from 'vitest'
import { methods } from '../config/registries'
import { quick } from '../config/testing'
import { cutShare } from '../core/sentinels'
import { weightClasses, type ClassCounts } from '../core/trainer'
import { smallVit, testSession, untilTheEnd } from './testing'

async function classesOf(settings: Readonly<Record<string, unknown>>): Promise<ClassCounts> {
  const { session } = await testSession({ 'training.watchedCuts': 0, ...settings }, 'cpu')
  const { classes } = await session.run(untilTheEnd)
  session.dispose()
  if (!classes) throw new Error('The run counted no classes.')
  return classes
}

describe('at the end of a run', () => {
  it.each(Object.keys(methods))('%s leaves no class empty, and counts every weight once', async (method) => {
    const settings = { ...smallVit, ...quick(method), method: method }
    const { session } = await testSession(settings, 'cpu')
    const { classes, kept, prunable } = await session.run(untilTheEnd)
    session.dispose()
    const counts = weightClasses.map((name) => classes![name])
    expect(counts.every(({ kept: left, cut }) => left + cut > 0)).toBe(true)
    expect(counts.reduce((sum, count) => sum + count.kept + count.cut, 0)).toBe(prunable)
    expect(counts.reduce((sum, count) => sum + count.kept, 0)).toBe(kept)
  })

  it.each([0.5, 0.8])(
    'a random mask of sparsity %f cuts as much of the sentinels, and of the others',
    async (sparsity) => {
      // Of 256 or more sentinels a share of s, +- 4 standard deviations of 0.025 or less.
      for (const seed of [1, 2, 3]) {
        const { sentinel } = await classesOf({
          ...smallVit,
          'model.width': 16,
          'training.steps': 2,
          method: 'random',
          'method.sparsity': sparsity,
          seed,
        })
        expect(Math.abs((cutShare(sentinel) ?? 0) - sparsity)).toBeLessThan(0.1)
      }
    },
  )

  it.each([1, 2, 3])('SEVENdyn cuts the fewest sentinels, seed %i', async (seed) => {
    const settings = { ...smallVit, 'training.steps': 60, seed }
    const others = [
      { method: 'random' },
      { method: 'magnitude', 'method.schedule': 'once' },
      { method: 'magnitude' },
      { method: 'snip' },
      { method: 'combination', 'method.criterion': 'sensitivity', 'method.schedule': 'once' },
    ]
    const seven = cutShare((await classesOf({ ...settings, method: 'sevenDyn' })).sentinel) ?? 1
    for (const other of others)
      expect(cutShare((await classesOf({ ...settings, ...other })).sentinel)).toBeGreaterThan(seven)
  })
})
