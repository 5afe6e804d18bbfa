import { expect, test } from 'vitest'
import { noRole } from '../../src/config/role'
import { keepLocked } from './locks'
import { choosePlugin, initialSetup, restore, setKnob, setSeed } from './setup'
import { withPreset } from './presets'

const before = setKnob(setSeed(initialSetup, 7), 'method', 'sparsity', 0.42)
const kept = (lock: readonly string[], after: typeof before) =>
  keepLocked(before.experiment, after, { ...noRole, lock }).experiment

test('a locked knob stays as it was, whatever is changed around it', () => {
  const other = choosePlugin(before, 'method', 'magnitude')
  expect(kept([], other).method.values.sparsity).not.toBe(0.42)
  expect(kept(['method.sparsity'], other).method).toMatchObject({ id: 'magnitude', values: { sparsity: 0.42 } })
  const dense = keepLocked(before.experiment, choosePlugin(before, 'method', 'dense'), { ...noRole, hide: ['method'] })
  expect(dense.experiment.method).toEqual(before.experiment.method)
})

test('a knob that the new choice lacks is no reason for a note', () => {
  const dense = choosePlugin(before, 'method', 'dense')
  const { experiment, notes, adjusted } = keepLocked(before.experiment, dense, { ...noRole, lock: ['method.sparsity'] })
  expect(experiment).toEqual(dense.experiment)
  expect([...notes, ...adjusted]).toEqual([])
})

test('a preset changes what is left to the reader', () => {
  const { experiment } = before
  const after = kept(['data', 'seed'], restore(before, withPreset(experiment, 'cifar10-nano')))
  expect(after).toMatchObject({ seed: 7, data: experiment.data })
  expect(after.training.steps).toBe(withPreset(experiment, 'cifar10-nano').training.steps)
})
