import type { Experiment } from '../core/experiment'
import { defaults } from '../core/knob'
import { trainingKnobs } from '../core/training'
import { check } from './check'
import { plugin, scratchId } from './registries'
import type { Settings } from './settings'

const everyKnobAtItsDefault: Experiment = {
  seed: 1,
  data: { id: 'cifar10', values: defaults(plugin('data', 'cifar10').knobs) },
  model: { id: 'vitTiny', values: defaults(plugin('model', 'vitTiny').knobs) },
  method: { id: 'sevenDyn', values: defaults(plugin('method', 'sevenDyn').knobs) },
  start: { id: scratchId, values: {} },
  training: defaults(trainingKnobs),
}

/**
 * What preset `cifar10-nano` adds to the defaults of its knobs: 10 epochs of 10,000 images to about 51 %
 * (docs/results.md). What mattered in tuning: large initial position embeddings (0.02 costs 4 points), Glorot matrices,
 * mirroring without shifting, and patches of 8 (with 4 a step costs 4.4 times as much).
 */
export const cifar10Nano: Settings = {
  'model.ratio': 2,
  'model.patch': 8,
  'model.positions': 0.5,
  'training.steps': 1500,
  'training.batch': 64,
  'training.rate': 2e-3,
  'training.warmup': 75,
  'training.labelSmoothing': 0.1,
  'training.evaluateEvery': 250,
}

/**
 * What the link `#/v1` means: preset `cifar10-nano` pruned by SEVENdyn. Links hold only what differs from it, so
 * a change here, or of a knob's default, is a new version of the link (see `link.ts`).
 */
export const defaultExperiment: Experiment = check(cifar10Nano, everyKnobAtItsDefault).experiment
