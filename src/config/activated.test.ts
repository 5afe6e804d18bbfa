import { describe, expect, it } from 'vitest'
import type { Experiment } from '../core/experiment'
import { defaults } from '../core/knob'
import { placeTensors } from '../core/layout'
import { activatedOf } from './activated'
import { modelOf } from './modelOf'
import { plugin } from './registries'
import { defaultExperiment } from './defaults'

const input = { task: 'image', shape: [8, 8, 3], classes: 2 } as const

/** A ViT of one block of width 8 with 2 heads and 16 neurons. */
function experimentOf(method: string, values: Readonly<Record<string, number>> = {}, experts = 1): Experiment {
  return {
    ...defaultExperiment,
    method: { id: method, values: { ...defaults(plugin('method', method).knobs), ...values } },
    model: {
      id: 'vitTiny',
      values: { ...defaults(plugin('model', 'vitTiny').knobs), width: 8, depth: 1, heads: 2, ratio: 2, experts },
    },
  }
}

const hookOf = ({ method: { id, values } }: Experiment) => plugin('method', id).units?.(values)

function activated(
  experiment: Experiment,
  change: (weights: Float32Array, at: (name: string) => number) => void = () => undefined,
) {
  const layout = placeTensors(modelOf(experiment).tensors(experiment.model.values, input))
  const weights = new Float32Array(layout.length)
  change(weights, (name) => layout.tensors.find((t) => t.name === name)!.offset)
  const layers = layout.prunable.map(({ name, size }) => ({ name, size, kept: size }))
  return { ...activatedOf(hookOf(experiment), layout, weights, layers), all: layout.parameterCount }
}

describe('parameters that take part in the result of one token', () => {
  it('are not counted where every token uses all', () => {
    const experiment = experimentOf('magnitude')
    const layout = placeTensors(modelOf(experiment).tensors(experiment.model.values, input))
    expect(activatedOf(hookOf(experiment), layout, new Float32Array(layout.length), [])).toBeNull()
  })

  it('leave out the rows of neurons that are not chosen', () => {
    // 4 of 16 neurons: 12 rows of the second matrix rest, 12 * 8 = 96 weights.
    const { parameters, of, all } = activated(experimentOf('strongestNeurons', { share: 0.25 }))
    expect([of, (of ?? 0) - (parameters ?? 0)]).toEqual([all, 96])
  })

  it('leave out heads that are not chosen, their biases too', () => {
    // One of 2 heads: half of query, key and value (3 * (64 + 8) / 2 = 108), half of the output's rows (32).
    const { parameters, of, all } = activated(experimentOf('dynamicHeads', { share: 0.5 }))
    expect([of, (of ?? 0) - (parameters ?? 0)]).toEqual([all, 140])
  })

  it('leave out all experts but one', () => {
    // An expert: 8 * 16 + 16 + 16 * 8 + 8 = 280. Of 4 rest 3, 840.
    const { parameters, of, all } = activated(experimentOf('dense', {}, 4))
    expect([of, (of ?? 0) - (parameters ?? 0)]).toEqual([all, 840])
  })

  it('go by what the search found, its settings not among them', () => {
    // 8 neurons are left, of which 2 work: 3/4 of the rows that are left rest. Here the mask still keeps all: 3/4 of
    // 128.
    const { parameters, of, all } = activated(experimentOf('staticDynamic'), (weights, at) => {
      weights.fill(1, at('block0/mlp/stays'), at('block0/mlp/stays') + 8)
      weights[at('block0/mlp/working')] = 2
    })
    expect([of, (of ?? 0) - (parameters ?? 0)]).toEqual([all, 96])
  })
})
