import { describe, expect, it } from 'vitest'
import { defaults } from '../../core/knob'
import { placeTensors } from '../../core/layout'
import type { TensorSpec } from '../../core/model'
import { trainingKnobs } from '../../core/training'
import { miniBert, vitTiny } from '../../models'
import { rateRanges, withFrozen } from './rates'

const plain = { headRate: 1, layerDecay: 1 }
const bert = miniBert.tensors(
  { ...defaults(miniBert.knobs), width: 8, heads: 2 },
  { task: 'text', vocabulary: 30, length: 6, classes: 2 },
)
const vit = vitTiny.tensors(
  { ...defaults(vitTiny.knobs), width: 8, heads: 2, patch: 4, depth: 1, pool: 'class' },
  { task: 'image', shape: [8, 8, 3], classes: 5 },
)

/** The share of each tensor, from the ranges. */
function shares(tensors: readonly TensorSpec[], rates: Partial<typeof plain>): Record<string, number> {
  const layout = placeTensors(tensors)
  const ranges = rateRanges(layout, { ...plain, ...rates })
  return Object.fromEntries(
    layout.tensors.map(({ name, offset }) => [name, ranges.find(({ end }) => offset < end)?.share ?? 1]),
  )
}

describe('rates of layers', () => {
  it('are one for all with the default knobs', () => {
    expect(rateRanges(placeTensors(bert), defaults(trainingKnobs))).toEqual([])
  })

  it('fall by layer from the head to the embeddings', () => {
    // Two blocks: 0.5^1 in the last, 0.5^2 in the first, 0.5^3 in what lies before it.
    expect(shares(bert, { layerDecay: 0.5, headRate: 10 })).toMatchObject({
      'head/weights': 10,
      'head/bias': 10,
      'pooler/weights': 1,
      'block1/mlp/in/weights': 0.5,
      'block1/norm2/scale': 0.5,
      'block0/attention/query/weights': 0.25,
      'block0/norm1/shift': 0.25,
      'embed/tokens': 0.125,
      'embed/norm/scale': 0.125,
    })
  })

  it('have nothing to do with frozen embeddings, which have no gradient and do not decay', () => {
    const frozen = withFrozen(vit).filter((t) => t.frozen)
    expect(frozen.map(({ name }) => name).sort()).toEqual(['embed/bias', 'embed/weights', 'positions', 'token'])
    expect(frozen.some(({ decay }) => decay)).toBe(false)
    expect(withFrozen(vit).filter((t) => !t.frozen)).toEqual(vit.filter((t) => !/^(embed|token|pos)/.test(t.name)))
  })
})
