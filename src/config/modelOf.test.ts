import { expect, it } from 'vitest'
import { defaults } from '../core/knob'
import type { UnitHook } from '../core/unitHook'
import type { TensorSpec } from '../core/model'
import { plugin } from './registries'
import { hooked, modelOf, sitesOf } from './modelOf'

const input = { task: 'image', shape: [8, 8, 3], classes: 2 } as const
const model = plugin('model', 'vitTiny')
const values = { ...defaults(model.knobs), width: 8, depth: 2, heads: 2, ratio: 3 }

it('names heads and neurons of every block once', () => {
  expect(sitesOf(model.tensors(values, input))).toEqual([
    { kind: 'head', layer: 'block0/attention', count: 2, width: 8 },
    { kind: 'neuron', layer: 'block0/mlp', count: 24, width: 8 },
    { kind: 'head', layer: 'block1/attention', count: 2, width: 8 },
    { kind: 'neuron', layer: 'block1/mlp', count: 24, width: 8 },
  ])
})

it("a hook adds its tensors after the model's own", () => {
  const gates = (layer: string, count: number): TensorSpec => ({
    name: `${layer}/gates`,
    shape: [count],
    init: { kind: 'constant', value: 1 },
    prunable: false,
    decay: false,
  })
  const hook: UnitHook = { tensors: ({ layer, count }) => [gates(layer, count)], forward: (_nn, x) => x }
  const extra = hooked(model, hook).tensors(values, input).slice(model.tensors(values, input).length)
  expect(extra.map(({ name, shape }) => [name, ...shape])).toEqual([
    ['block0/attention/gates', 2],
    ['block0/mlp/gates', 24],
    ['block1/attention/gates', 2],
    ['block1/mlp/gates', 24],
  ])
})

it('without a hook the model is the plugin itself', () => {
  expect(modelOf({ model: { id: 'vitTiny', values }, method: { id: 'snip', values: {} } })).toBe(model)
})
