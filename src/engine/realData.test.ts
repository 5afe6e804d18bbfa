import { describe, expect, it } from 'vitest'
import { check } from '../config/check'
import { fromLink, toLink } from '../config/link'
import { openPreset } from '../config/presets'
import { methods } from '../config/registries'
import type { Settings } from '../config/settings'
import { hasReal, realData } from '../data/testing'
import { oneOfEachKind, promised, quick } from '../config/testing'
import { sessionOf, untilTheEnd } from './testing'

/**
 * The presets' data and widths, one block, a batch of 8 and few steps: what is tested is that methods run, not what
 * they are worth.
 */
const few: Settings = {
  'data.train': 256,
  'data.held': 64,
  'model.depth': 1,
  'training.watchedCuts': 0,
  'training.steps': 8,
  'training.batch': 8,
  'training.warmup': 2,
  'training.evaluateEvery': 0,
}

/** On data that is made on the spot, session.test.ts and the browser's tests do the same. */
const presets = [
  { preset: 'cifar10-nano', set: 'cifar10', ids: Object.keys(methods) },
  { preset: 'sst2-nano', set: 'sst2', ids: oneOfEachKind },
] as const

for (const { preset, set, ids } of presets) {
  describe.skipIf(!hasReal(set))(`on the real data of ${preset}, from its link,`, () => {
    it.each(ids)('%s runs to its end with the exact count', async (method) => {
      const { experiment, notes } = fromLink(toLink(check({ ...few, ...quick(method) }, openPreset(preset)).experiment))
      expect(notes).toEqual([])
      const { session } = await sessionOf(experiment, { dataDir: realData })
      try {
        const { kept, outcome, prunable } = promised(experiment, session.executor.layout)
        const result = await session.run(untilTheEnd)
        expect(result.prunable).toBe(prunable)
        if (outcome) expect(result.kept).toBeGreaterThanOrEqual(kept)
        else expect(result.kept).toBe(kept)
        expect(result.evaluations.at(-1)?.accuracy).toBeGreaterThan(0)
      } finally {
        session.dispose()
      }
    })
  })
}
