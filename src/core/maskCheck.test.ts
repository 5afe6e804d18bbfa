import { describe, expect, it } from 'vitest'
import { check } from '../config/check'
import { defaultExperiment } from '../config/defaults'
import { runId } from '../config/identity'
import { methodLabel } from '../config/methodLabel'
import { checkedMethods } from '../config/recipe'
import { methods } from '../config/registries'
import type { Settings } from '../config/settings'
import { defaults, type Values } from './knob'
import { maskCheckKnob, maskCheckOf, whyUnchecked, type MaskCheck } from './maskCheck'

const checks = Object.keys(maskCheckKnob.options) as MaskCheck[]
const open = (settings: Settings) => check(settings, defaultExperiment)

function why(id: string, asked: MaskCheck, changes: Values = {}): string | null {
  const method = methods[id]!
  return whyUnchecked(method, { ...defaults(method.knobs), ...changes }, asked, 100)
}

describe('a sanity check', () => {
  it.each(['snip', 'grasp', 'synflow', 'force', 'iterativeSnip', 'taylor', 'gradient', 'sevenPre'])(
    'is taken by %s, which cuts before training',
    (id) => {
      expect(methods[id]!.knobs.check).toBe(maskCheckKnob)
      for (const asked of checks) expect(why(id, asked)).toBeNull()
    },
  )

  it.each(['magnitude', 'sevenDyn', 'dense', 'lottery', 'rigl', 'edgePopup', 'wanda'])('is not offered by %s', (id) => {
    expect(methods[id]!.knobs.check).toBeUndefined()
  })

  it('says why not', () => {
    expect(why('magnitude', 'labels')).toBe('makes no mask before training')
    expect(why('rigl', 'labels')).toBe('goes on changing its mask in training')
    expect(why('random', 'labels')).toBeNull()
    expect(why('random', 'labels', { schedule: 'gradual' })).toBe('makes no mask before training')
    const units = { ...methods.snip!, granularity: () => ({ kind: 'head', score: 'sum' }) as const }
    expect(whyUnchecked(units, defaults(units.knobs), 'rearrange', 100)).toMatch(/^keeps weights in groups/)
    expect(whyUnchecked(units, defaults(units.knobs), 'reinitialise', 100)).toBeNull()
  })

  it('is a note where there is nothing to check, and nothing is pretended', () => {
    const gradual = open({ method: 'random', 'method.schedule': 'gradual', 'method.check': 'half' })
    expect(gradual.notes).toEqual([
      'method.check was half; Random as it is set makes no mask before training, so nothing is checked.',
    ])
    expect(maskCheckOf(gradual.experiment.method.values)).toBe('none')
    expect(open({ method: 'magnitude', 'method.check': 'half' }).notes).toEqual([
      'method.check checks a mask that is made before training and then stays; Magnitude makes none, '
        + 'and it was left out.',
    ])
  })

  it('none leaves every run its id', () => {
    const { experiment } = open({ method: 'snip' })
    const { check: asked, ...values } = experiment.method.values
    expect(asked).toBe('none')
    expect(runId(experiment)).toBe(runId({ ...experiment, method: { id: 'snip', values } }))
  })
})

describe('the checks of a method in a comparison', () => {
  it('are six rows with names of their own', () => {
    const rows = checkedMethods({ id: 'snip', knobs: { batches: 2 } })
    expect(rows).toEqual(
      ['rearrange', 'shuffle', 'reinitialise', 'labels', 'inputs', 'half'].map((name) => ({
        id: 'snip',
        knobs: { batches: 2, check: name },
      })),
    )
    const labels = rows.map(({ id, knobs }) =>
      methodLabel(
        open({ method: id, ...Object.fromEntries(Object.entries(knobs).map(([k, v]) => [`method.${k}`, v])) })
          .experiment,
      ),
    )
    expect(labels[0]).toBe('SNIP, scoring batches 2, mask rearranged in each layer')
    expect(new Set(labels).size).toBe(6)
  })

  it('are none where there is no mask before training', () => {
    expect(checkedMethods({ id: 'magnitude', knobs: {} })).toEqual([])
    expect(checkedMethods({ id: 'random', knobs: { schedule: 'gradual' } })).toEqual([])
  })
})
