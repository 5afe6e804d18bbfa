import type { Experiment } from '../core/experiment'
import { defaults } from '../core/knob'
import { trainingKnobs } from '../core/training'
import { check } from './check'
import { plugin } from './registries'
import type { Settings } from './settings'

const everyKnobAtItsDefault: Experiment = {
  seed: 1,
  data: { id: 'cifar10', values: defaults(plugin('data', 'cifar10').knobs) },
  model: { id: 'vitTiny', values: defaults(plugin('model', 'vitTiny').knobs) },
  method: { id: 'sevenDyn', values: defaults(plugin('method', 'sevenDyn').knobs) },
  training: defaults(trainingKnobs),
}

/** What preset `cifar10-nano` adds to the defaults of its knobs. */
export const cifar10Nano: Settings = {
  'model.ratio': 2,
}

/**
 * What the page opens without a link: preset `cifar10-nano` pruned by SEVENdyn. Links hold only what differs from it, so
 * a change here, or of a knob's default, is a new version of the link (see `link.ts`).
 */
export const defaultExperiment: Experiment = check(cifar10Nano, everyKnobAtItsDefault).experiment
